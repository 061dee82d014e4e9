import { rmSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { version } from "../package.json" with { type: "json" };
import { compile } from "./compile.ts";
import { fetchRuntime, pinned } from "./fetch-runtime.ts";
import { writePage } from "./page.ts";
import { pageFolder } from "../src/page-files.ts";
import { hostTarget, type Target, targets } from "./targets.ts";

const root = join(import.meta.dir, "..");
const dist = join(root, "dist");
const page = join(dist, ".page", pageFolder);

try {
  await main(process.argv.slice(2));
} catch (error) {
  const errors: unknown[] = error instanceof AggregateError ? error.errors : [error];
  for (const each of errors) console.error(`build: ${each instanceof Error ? each.message : each}`);
  process.exitCode = 1;
}

/** Builds dist/tollgate for this platform, or with `--all` one executable for each platform. */
async function main(args: readonly string[]): Promise<void> {
  const unknown = args.find((arg) => arg !== "--all");
  if (unknown !== undefined) throw new Error(`unknown argument ${unknown}; there is only --all`);
  await checkOwnVersion();
  const host = hostTarget();
  const commit = currentCommit();
  await buildPage();
  try {
    if (args.includes("--all")) {
      for (const target of targets) {
        const runtime = target === host ? process.execPath : await fetchRuntime(target);
        await build(target, runtime, commit);
      }
    } else {
      if (host === null) throw new Error(`${process.platform}-${process.arch} is not supported`);
      await build(host, process.execPath, commit, "tollgate");
    }
  } finally {
    rmSync(dirname(page), { recursive: true, force: true });
  }
  await writeSums();
}

/** For all targets: they carry the same one. */
async function buildPage(): Promise<void> {
  const { first, all } = await writePage(page);
  const kilobytes = (bytes: number) => (bytes / 1000).toFixed(0);
  console.log(
    `page  ${kilobytes(first)} KB to begin with, ${kilobytes(all)} KB in all, compressed`,
  );
}

/** Bytecode runs only on the very Bun that made it. */
async function checkOwnVersion(): Promise<void> {
  const wanted = await pinned("bun");
  if (Bun.version !== wanted.version)
    throw new Error(
      `this is Bun ${Bun.version}, package-lock.json pins ${wanted.version}: use node_modules/.bin/bun`,
    );
}

async function build(
  target: Target,
  runtime: string,
  commit: string,
  name?: string,
): Promise<void> {
  const suffix = target.name.startsWith("windows") ? ".exe" : "";
  const outfile = join(dist, `${name ?? `tollgate-${target.name}`}${suffix}`);
  const entry = join(root, "src/main.ts");
  rmSync(outfile, { force: true }); // a running executable cannot be written to, only replaced
  await compile({ entry, outfile, page, target, runtime, version, commit });
  const megabytes = (Bun.file(outfile).size / 1e6).toFixed(0);
  console.log(
    `${relative(root, outfile)}  ${target.name}  ${version} (${commit})  ${megabytes} MB`,
  );
}

/** The short hash, with `-dirty` where files have changed, or `unknown` outside of git. */
function currentCommit(): string {
  const hash = git("rev-parse", "--short", "HEAD");
  if (hash === null) return "unknown";
  return git("status", "--porcelain") === "" ? hash : `${hash}-dirty`;
}

function git(...args: string[]): string | null {
  const program = Bun.which("git");
  if (program === null) return null;
  const { success, stdout } = Bun.spawnSync([program, "-C", root, ...args]);
  return success ? stdout.toString().trim() : null;
}

/** In the form that `sha256sum --check` reads, for all executables that lie in dist. */
async function writeSums(): Promise<void> {
  const names = [...new Bun.Glob("tollgate*").scanSync(dist)].toSorted();
  const lines = await Promise.all(names.map(async (name) => `${await sha256(name)}  ${name}\n`));
  await Bun.write(join(dist, "SHA256SUMS"), lines.join(""));
}

async function sha256(name: string): Promise<string> {
  const hasher = new Bun.CryptoHasher("sha256");
  for await (const chunk of Bun.file(join(dist, name)).stream()) hasher.update(chunk);
  return hasher.digest("hex");
}
