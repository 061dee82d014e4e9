import { openSync, readSync } from "node:fs";

/** One platform that Tollgate is built for. */
export interface Target {
  readonly name: string;
  readonly bun: Bun.Build.CompileTarget;
  /** The npm package that carries this platform's Bun, and the executable's path in it. */
  readonly npmPackage: string;
  readonly executable: string;
}

/** Every platform of a release. */
export const targets: readonly Target[] = [
  unix("linux-x64", "bun-linux-x64", "linux-x64"),
  unix("linux-arm64", "bun-linux-arm64", "linux-aarch64"),
  unix("linux-x64-musl", "bun-linux-x64-musl", "linux-x64-musl"),
  unix("linux-arm64-musl", "bun-linux-arm64-musl", "linux-aarch64-musl"),
  unix("darwin-arm64", "bun-darwin-arm64", "darwin-aarch64"),
  unix("darwin-x64", "bun-darwin-x64", "darwin-x64"),
  {
    name: "windows-x64",
    bun: "bun-windows-x64",
    npmPackage: "@oven/bun-windows-x64",
    executable: "bin/bun.exe",
  },
];

/** The target that the running Bun belongs to, or null where Tollgate is not built for it. */
export function hostTarget(): Target | null {
  const system = process.platform === "win32" ? "windows" : process.platform;
  const libc = system === "linux" && isMuslExecutable(process.execPath) ? "-musl" : "";
  const name = `${system}-${process.arch}${libc}`;
  return targets.find((target) => target.name === name) ?? null;
}

function unix(name: string, bun: Bun.Build.CompileTarget, packageName: string): Target {
  return { name, bun, npmPackage: `@oven/bun-${packageName}`, executable: "bin/bun" };
}

/** An ELF file names its dynamic loader near its beginning. */
function isMuslExecutable(path: string): boolean {
  const head = Buffer.alloc(4096);
  readSync(openSync(path, "r"), head);
  return head.includes("/ld-musl-");
}
