import { mkdtempSync, rmSync, statfsSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A file system of its own, so small that it can be filled. */
export interface SmallDisk extends Disposable {
  readonly path: string;
  /** Takes all space that is left, but so much. */
  fill(leaveBytes?: number): void;
  /** Gives it back. */
  free(): void;
  freeBytes(): number;
}

/** Whether this process may mount; where tests must not be left out it has to. */
export const canMount = process.env["CI"] !== undefined || mounts();

function mounts(): boolean {
  const path = mkdtempSync(join(tmpdir(), "tollgate-mount-"));
  const isMounted = mount(path, "64k");
  if (isMounted) unmount(path);
  rmSync(path, { recursive: true, force: true });
  return isMounted;
}

function mount(path: string, size: string): boolean {
  if (process.platform !== "linux" || Bun.which("mount") === null) return false;
  return Bun.spawnSync(["mount", "-t", "tmpfs", "-o", `size=${size}`, "tmpfs", path]).success;
}

function unmount(path: string): void {
  Bun.spawnSync(["umount", "--lazy", path]);
}

/** Mounts one; throws where that is not allowed. */
export function smallDisk(size: string): SmallDisk {
  const path = mkdtempSync(join(tmpdir(), "tollgate-disk-"));
  if (!mount(path, size)) throw new Error("this user cannot mount a file system");
  const filler = join(path, "filler");
  const freeBytes = () => {
    const { bavail, bsize } = statfsSync(path);
    return bavail * bsize;
  };
  return {
    path,
    freeBytes,
    fill: (leaveBytes = 0) => {
      rmSync(filler, { force: true });
      writeFileSync(filler, Buffer.alloc(Math.max(0, freeBytes() - leaveBytes)));
    },
    free: () => rmSync(filler, { force: true }),
    [Symbol.dispose]: () => {
      unmount(path);
      rmSync(path, { recursive: true, force: true });
    },
  };
}
