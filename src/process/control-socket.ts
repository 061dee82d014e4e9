import { linkSync, lstatSync, readdirSync, renameSync, rmSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { ownerOf } from "./data-directory.ts";

/** A socket through which this machine's owner of the data directory may ask a gateway. */
export interface Control {
  /** Where it answers now; null where it could not be opened. */
  readonly path: string | null;
  /** Why it could not be opened, and what to do; null where it was. */
  readonly problem: string | null;
  /**
   * Makes it the data directory's own: from now on it is the one that is asked. It answers under the name that it had
   * before too, which a predecessor knows. Gives what went wrong, or null.
   */
  promote(): string | null;
  /** Takes no question any more, lets answers under way end, and removes its files, but no successor's. */
  close(): void;
}

type Answer = (request: Request) => Response | Promise<Response>;

const ownName = "control.sock";

/** What is bound: each process has a name of its own. */
const boundName = (pid: number) => `control-${pid}.sock`;
const boundForm = /^control-(\d+)\.sock$/;

/** What the kernel has room for in an address (`sun_path`), without its last zero. */
const longestPath = process.platform === "linux" ? 107 : 103;

/**
 * Opens the socket, for its owner alone from its first moment on. `own`: as `control.sock` of the directory, which is
 * this process's; otherwise under a name of this process, until `promote`. Never throws: a gateway runs without it too.
 */
export function openControl(
  dataDirectory: string,
  fetch: Answer,
  { own }: { readonly own: boolean },
): Control {
  const path = socketPath(dataDirectory, boundName(process.pid));
  if (path === null) return closed(tooLong(dataDirectory));
  try {
    rmSync(path, { force: true }); // of a process that had this pid
    const server = bind(path, fetch);
    const control = bound(server, { dataDirectory, path });
    const problem = own ? control.promote() : null;
    if (problem === null) return control;
    control.close();
    return closed(problem);
  } catch (error) {
    return closed(`No control socket in ${dataDirectory} (${codeOf(error)}).`);
  }
}

/** The socket of the gateway that has the directory, whether it is there or not; null where its path is too long. */
export function controlPath(dataDirectory: string): string | null {
  return socketPath(dataDirectory, ownName);
}

/** Why there is no socket for a directory, and what to do. */
export function tooLong(dataDirectory: string): string {
  return `No control socket: the path of ${dataDirectory} is too long for one (${longestPath} bytes with the socket's name). Choose a shorter --data-dir, or start from a directory nearer to it.`;
}

/**
 * Bound under a name of this process alone, since the runtime removes the name it bound when it stops: under
 * `control.sock` that could be a successor's by then.
 */
function bound(
  server: ReturnType<typeof bind>,
  { dataDirectory, path }: { readonly dataDirectory: string; readonly path: string },
): Control {
  const inode = inodeOf(path);
  let current = path;
  return {
    get path() {
      return current;
    },
    problem: null,
    promote() {
      const owner = ownerOf(dataDirectory);
      if (owner !== null && owner.pid !== process.pid) {
        return `The control socket in ${dataDirectory} belongs to the gateway with pid ${owner.pid}.`;
      }
      const target = join(path, "..", ownName);
      const link = join(path, "..", `${ownName}.${process.pid}`);
      try {
        rmSync(link, { force: true }); // of a process that had this pid
        linkSync(path, link);
        renameSync(link, target);
        current = target;
        removeDead(dataDirectory);
        return null;
      } catch (error) {
        rmSync(link, { force: true });
        return `${target} cannot be replaced (${codeOf(error)}).`;
      }
    },
    close() {
      void server.stop();
      for (const each of new Set([path, current])) {
        if (inodeOf(each) === inode) rmSync(each, { force: true });
      }
    },
  };
}

function bind(path: string, fetch: Answer) {
  const before = process.umask(0o177);
  try {
    return Bun.serve(
      neverIdle({
        unix: path,
        development: false,
        maxRequestBodySize: Number.MAX_SAFE_INTEGER,
        fetch,
        error: () => new Response(null, { status: 500 }),
      }),
    );
  } finally {
    process.umask(before);
  }
}

/**
 * The asker has a limit of its own. `server.timeout` does nothing on a unix socket, and the runtime's types do not
 * know that `idleTimeout` does.
 */
function neverIdle<Options extends object>(options: Options): Options {
  return Object.defineProperty(options, "idleTimeout", { value: 0 });
}

/** Absolute, or from the working directory where only that is short enough. */
function socketPath(dataDirectory: string, name: string): string | null {
  const absolute = join(resolve(dataDirectory), name);
  const forms = [absolute, relative(process.cwd(), absolute)];
  return forms.find((form) => Buffer.byteLength(form) <= longestPath) ?? null;
}

function closed(problem: string): Control {
  return { path: null, problem, promote: () => problem, close: () => {} };
}

/** Those of processes that were killed. */
function removeDead(dataDirectory: string): void {
  for (const name of readdirSync(dataDirectory)) {
    const pid = boundForm.exec(name)?.[1];
    if (pid !== undefined && isGone(Number(pid)))
      rmSync(join(dataDirectory, name), { force: true });
  }
}

function isGone(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return codeOf(error) === "ESRCH";
  }
}

function inodeOf(path: string): number | null {
  try {
    return lstatSync(path).ino;
  } catch {
    return null;
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "unknown";
}
