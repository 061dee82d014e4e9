import {
  linkSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { StartError } from "./start-error.ts";

/** The process that owns a data directory. */
export interface Owner {
  readonly pid: number;
  /** When it started, by the kernel's count: tells it from a later process with the same pid. */
  readonly started: string;
  readonly port: number;
}

/** What a start wants of a data directory. */
export interface Claim {
  readonly dataDirectory: string;
  readonly port: number;
  /** It may belong to a gateway that runs on the same port. */
  readonly takeover: boolean;
}

const lockName = "tollgate.lock";

/**
 * Makes the directory where it is missing and takes it, or throws a `StartError`. With `takeover` a living owner
 * keeps it until `writeOwner`: gives the owner's pid, else null.
 */
export function claimDataDirectory({ dataDirectory, port, takeover }: Claim): number | null {
  const owner = prepare(dataDirectory, port);
  if (owner === null) return null;
  if (!takeover) {
    throw new StartError(
      `The data directory ${dataDirectory} belongs to the gateway with pid ${owner.pid}. Stop it, take over with --takeover, or choose another --data-dir.`,
    );
  }
  if (port !== owner.port) {
    throw new StartError(
      `The gateway with pid ${owner.pid} listens on port ${owner.port}: take over with --port ${owner.port}.`,
    );
  }
  return owner.pid;
}

/** The living process that has the directory; where there is none, it is ours now. */
function prepare(directory: string, port: number): Owner | null {
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    refuseOpen(directory);
    const draft = writeDraft(directory, port);
    if (isFirst(draft, join(directory, lockName))) return null;
    refuseUnreadable(directory);
    const owner = ownerOf(directory);
    if (owner === null || owner.pid === process.pid) renameSync(draft, join(directory, lockName));
    rmSync(draft, { force: true });
    const winner = ownerOf(directory); // two may find the same dead owner
    return winner === null || winner.pid === process.pid ? null : winner;
  } catch (error) {
    if (error instanceof StartError) throw error;
    const reason = error instanceof Error && "code" in error ? String(error.code) : String(error);
    throw new StartError(
      `The data directory ${directory} cannot be used (${reason}). Choose another: --data-dir.`,
    );
  }
}

/** Who may write into the directory may put another pepper, socket or database into the place of ours. */
function refuseOpen(directory: string): void {
  if (process.platform === "win32" || (statSync(directory).mode & 0o002) === 0) return;
  throw new StartError(
    `Everybody on this machine may write into the data directory ${directory}, and so make keys of his own. Close it: chmod 700 ${directory}`,
  );
}

/** The living process that has the directory, or null. */
export function ownerOf(directory: string): Owner | null {
  try {
    const owner: unknown = JSON.parse(readLock(directory));
    return isOwner(owner) && startOf(owner.pid) === owner.started ? owner : null;
  } catch {
    return null;
  }
}

/** Writes this process down as the owner, over whoever was it: at the end of a start, or of a takeover. */
export function writeOwner(directory: string, port: number): void {
  renameSync(writeDraft(directory, port), join(directory, lockName));
}

function writeDraft(directory: string, port: number): string {
  const owner: Owner = { pid: process.pid, started: startOf(process.pid) ?? "", port };
  const draft = join(directory, `${lockName}.${process.pid}`);
  rmSync(draft, { force: true }); // of a process that had this pid, or a link that somebody put there
  writeFileSync(draft, `${JSON.stringify(owner)}\n`, { mode: 0o600, flag: "wx" });
  return draft;
}

/** Takes the lock where nobody has ever had it, or it was given up. */
function isFirst(draft: string, lock: string): boolean {
  try {
    linkSync(draft, lock);
    rmSync(draft, { force: true });
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return false;
    throw error;
  }
}

/** A lock that cannot be read may be somebody's; one that has just been given up is nobody's. */
function refuseUnreadable(directory: string): void {
  try {
    readLock(directory);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ENOENT")) throw error;
  }
}

function readLock(directory: string): string {
  return readFileSync(join(directory, lockName), "utf8");
}

/** Gives the directory up, unless a successor has it by now. */
export function releaseDataDirectory(directory: string): void {
  if (ownerOf(directory)?.pid === process.pid) rmSync(join(directory, lockName), { force: true });
}

/** Names a process, and no later one with the same pid. */
export function tokenOf(pid: number): string {
  return `${pid}-${startOf(pid) ?? ""}`;
}

/** Whether the process that a token names is still there. */
export function livesAs(token: string): boolean {
  const [pid = "", started = ""] = token.split("-");
  return startOf(Number(pid)) === started;
}

function isOwner(value: unknown): value is Owner {
  return (
    typeof value === "object" &&
    value !== null &&
    "pid" in value &&
    Number.isSafeInteger(value.pid) &&
    "started" in value &&
    typeof value.started === "string" &&
    "port" in value &&
    Number.isSafeInteger(value.port)
  );
}

/** Null for a process that is not there. Where there is no /proc the pid alone has to do. */
function startOf(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return fields[0] === "Z" ? null : (fields[19] ?? "");
  } catch {
    if (process.platform === "linux") return null;
    return isAlive(pid) ? "" : null;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
