import { chmodSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { Type } from "@sinclair/typebox";
import { Value } from "@sinclair/typebox/value";
import type { Target } from "./targets.ts";

const root = join(import.meta.dir, "..");
const cache = join(root, "node_modules/.cache/tollgate");

const Lock = Type.Object({
  packages: Type.Record(
    Type.String(),
    Type.Object({ version: Type.Optional(Type.String()), integrity: Type.Optional(Type.String()) }),
  ),
});

/** A package as package-lock.json pins it. */
export interface Pinned {
  readonly name: string;
  readonly version: string;
  readonly integrity: string;
}

/** What package-lock.json says of `name`; throws where it says nothing. */
export async function pinned(name: string): Promise<Pinned> {
  const lock: unknown = await Bun.file(join(root, "package-lock.json")).json();
  if (!Value.Check(Lock, lock))
    throw new Error("package-lock.json is not in the form of npm 7 and later");
  const { version, integrity } = lock.packages[`node_modules/${name}`] ?? {};
  if (version === undefined || integrity === undefined)
    throw new Error(`package-lock.json does not pin ${name}`);
  return { name, version, integrity };
}

/**
 * The path of the target's Bun executable: fetched by npm once, checked against the lock's
 * integrity each time that it is unpacked, kept under node_modules/.cache.
 */
export async function fetchRuntime(target: Target): Promise<string> {
  const wanted = await pinned(target.npmPackage);
  const folder = join(cache, `${target.name}-${wanted.version}`);
  const executable = join(folder, "package", target.executable);
  if (await Bun.file(executable).exists()) return executable;

  const unpacking = `${folder}.${process.pid}`;
  try {
    const archive = await download(wanted, unpacking);
    await new Bun.Archive(archive).extract(unpacking);
    chmodSync(join(unpacking, "package", target.executable), 0o755);
    rmSync(folder, { recursive: true, force: true });
    renameSync(unpacking, folder); // whole or not at all
  } finally {
    rmSync(unpacking, { recursive: true, force: true });
  }
  return executable;
}

async function download(wanted: Pinned, folder: string): Promise<Uint8Array> {
  mkdirSync(folder, { recursive: true });
  const name = `${wanted.name}@${wanted.version}`;
  await npmPack(name, folder);
  const [file] = [...new Bun.Glob("*.tgz").scanSync({ cwd: folder, absolute: true })];
  if (file === undefined) throw new Error(`npm pack ${name} left no archive`);
  const archive = await Bun.file(file).bytes();
  const digest = `sha512-${new Bun.CryptoHasher("sha512").update(archive).digest("base64")}`;
  if (digest !== wanted.integrity)
    throw new Error(`${name}: npm gave ${digest}, package-lock.json pins ${wanted.integrity}`);
  return archive;
}

async function npmPack(name: string, folder: string): Promise<void> {
  const npm = Bun.which("npm");
  if (npm === null) throw new Error(`npm is needed to fetch ${name}, and is not installed`);
  const child = Bun.spawn([npm, "pack", name, "--ignore-scripts", "--pack-destination", folder], {
    cwd: root,
    stdout: "ignore",
    stderr: "pipe",
  });
  const stderr = await child.stderr.text();
  if ((await child.exited) !== 0) throw new Error(`npm pack ${name} failed:\n${stderr.trim()}`);
}
