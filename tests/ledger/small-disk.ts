import { closeSync, mkdtempSync, openSync, rmSync, statfsSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface SmallDisk extends Disposable {
  readonly path: string;
  /** Leaves so many bytes. */
  fill(left: number): void;
  /** Takes back what `fill` took. */
  free(): void;
}

/** A file system of its own, as large as said. Mounting asks for root. */
export function smallDisk(bytes: number): SmallDisk {
  const path = mkdtempSync(join(tmpdir(), "tollgate-disk-"));
  run(["mount", "-t", "tmpfs", "-o", `size=${bytes}`, "tmpfs", path]);
  const filler = join(path, "filler");
  return {
    path,
    fill: (left) => {
      const { bavail, bsize } = statfsSync(path);
      const fd = openSync(filler, "a");
      const block = Buffer.alloc(Math.max(0, bavail * bsize - left));
      for (let done = 0; done < block.length;) done += writeSync(fd, block, done);
      closeSync(fd);
    },
    free: () => rmSync(filler, { force: true }),
    [Symbol.dispose]: () => {
      run(["umount", path]);
      rmSync(path, { recursive: true });
    },
  };
}

function run(command: string[]): void {
  const { success, stderr } = Bun.spawnSync(command, { stderr: "pipe" });
  if (!success) throw new Error(`${command.join(" ")}: ${stderr.toString()}`);
}

/** Where nothing can be mounted, tests of full disks are left out, but not where they are relied on. */
export const leaveOut = process.env["CI"] === undefined && !canMount();

function canMount(): boolean {
  try {
    smallDisk(4096)[Symbol.dispose]();
    return true;
  } catch {
    return false;
  }
}
