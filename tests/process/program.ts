import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const mainFile = join(import.meta.dir, "../../src/main.ts");
const binary = process.env["TOLLGATE_BIN"];

/** What starts the program under test: the compiled one where `TOLLGATE_BIN` names it. */
export const program: readonly string[] = binary ? [binary] : [process.execPath, mainFile];

/** Whether it runs from source: some of what a test does to a process needs that. */
export const fromSource = !binary;

/** An environment with nothing in it that a gateway could be configured by. */
export const bareEnvironment = {
  PATH: process.env["PATH"] ?? "",
  HOME: process.env["HOME"] ?? "/",
  TMPDIR: tmpdir(),
};

export interface Folder extends Disposable {
  readonly path: string;
  file(name: string): string;
}

/** A folder that is gone after the test. */
export function temporaryFolder(): Folder {
  const path = mkdtempSync(join(tmpdir(), "tollgate-test-"));
  return {
    path,
    file: (name) => join(path, name),
    [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }),
  };
}

/** Waits until `condition` holds; throws after `ms`. */
export async function until(
  condition: () => boolean | Promise<boolean>,
  ms = 5_000,
): Promise<void> {
  const end = performance.now() + ms;
  while (!(await condition())) {
    if (performance.now() > end) throw new Error(`not within ${ms} ms: ${condition}`);
    await Bun.sleep(5);
  }
}

/** The resident memory of a process, in bytes. */
export async function residentBytes(pid: number): Promise<number> {
  const status = await Bun.file(`/proc/${pid}/status`).text();
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1]) * 1024;
}

/** A port that nobody listens on just now. */
export function freePort(): number {
  using listener = Bun.listen({ hostname: "127.0.0.1", port: 0, socket: { data() {} } });
  return listener.port;
}
