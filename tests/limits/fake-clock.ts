import { existsSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { arch, tmpdir } from "node:os";
import { join } from "node:path";

/** Where Debian's package faketime puts it. */
const library = `/usr/lib/${arch() === "arm64" ? "aarch64" : "x86_64"}-linux-gnu/faketime/libfaketime.so.1`;

/** Whether clocks can be moved here. */
export const canFakeClocks = existsSync(library);

/** A clock that a test moves under a running process. */
export interface FakeClock extends Disposable {
  /** For the process's environment. */
  readonly env: Record<string, string>;
  /** From now on the process sees so many seconds more, or less, than there are. */
  set(seconds: number): void;
}

/** `wall`: its wall clock alone, as an administrator would; `all`: the clock that never jumps too, as time would. */
export function fakeClock(which: "wall" | "all"): FakeClock {
  const dir = mkdtempSync(join(tmpdir(), "tollgate-clock-"));
  const file = join(dir, "offset");
  const set = (seconds: number) => {
    writeFileSync(`${file}.next`, `${seconds < 0 ? "" : "+"}${seconds}\n`);
    renameSync(`${file}.next`, file);
  };
  set(0);
  return {
    env: {
      LD_PRELOAD: library,
      FAKETIME_TIMESTAMP_FILE: file,
      FAKETIME_NO_CACHE: "1",
      ...(which === "wall" ? { FAKETIME_DONT_FAKE_MONOTONIC: "1" } : {}),
    },
    set,
    [Symbol.dispose]() {
      rmSync(dir, { recursive: true, force: true });
      removeLeftovers();
    },
  };
}

/** The library shares memory by its process's id, and a process that is killed leaves it behind. */
function removeLeftovers(): void {
  for (const name of readdirSync(shared)) {
    const [, pid] = /^(?:sem\.)?faketime_(?:shm|sem)_(\d+)$/.exec(name) ?? [];
    if (pid !== undefined && !existsSync(`/proc/${pid}`)) {
      rmSync(join(shared, name), { force: true });
    }
  }
}

const shared = "/dev/shm";
