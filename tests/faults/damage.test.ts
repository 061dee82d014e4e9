import { afterAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import {
  appendFileSync,
  chmodSync,
  chownSync,
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { type Gateway, startGateway } from "../helpers/gateway.ts";
import { callOnce } from "./callers.ts";
import { startCountingUpstream } from "./counting-upstream.ts";
import { flip, foreign, newer, smear, whole } from "./damage.ts";
import { folded, governed, moneyOf, newKey, paidUsd } from "./governed.ts";
import { rowsOf } from "./ledger-files.ts";

setDefaultTimeout(30_000);

const isRoot = process.getuid?.() === 0;
const nobody = 65_534;

/** A data directory that a gateway was killed on, with a key that has made three calls. */
interface Scene extends AsyncDisposable {
  readonly yaml: string;
  readonly home: Gateway;
  readonly data: string;
  readonly key: string;
  file(name: string): string;
  /** The newest segment of the journal. */
  segment(): string;
}

async function killed(env: Record<string, string> = {}): Promise<Scene> {
  using upstream = await startCountingUpstream();
  const yaml = governed(upstream.url);
  const home = await startGateway(yaml, { env });
  const data = join(home.dir, "data");
  const key = await newKey(home, { max_budget: 1 });
  await callOnce(home.url, { name: "folded", path: "/paid/plain", key });
  await folded(home);
  for (const name of ["one", "two"]) await callOnce(home.url, { name, path: "/paid/plain", key });
  home.signal("SIGKILL");
  await home.exited;
  const file = (name: string) => join(data, name);
  const segment = () => {
    const names = readdirSync(file("journal")).toSorted();
    const last = names.findLast((name) => statSync(file(`journal/${name}`)).size > 0);
    return file(`journal/${last}`);
  };
  return { yaml, home, data, key, file, segment, [Symbol.asyncDispose]: home[Symbol.asyncDispose] };
}

const original = await killed();
copy(original.data, `${original.data}.original`);
afterAll(() => original[Symbol.asyncDispose]());

/** The same one for every test, as it was at first. */
function scene(): Scene {
  rmSync(original.data, { recursive: true, force: true });
  copy(`${original.data}.original`, original.data);
  return original;
}

function copy(from: string, to: string): void {
  cpSync(from, to, { recursive: true, filter: (path) => !path.endsWith(".sock") });
}

interface Start {
  readonly env?: Record<string, string>;
  readonly wrap?: readonly string[];
}

/** A start that has to fail; gives what it said. */
async function refusal({ yaml, home }: Scene, start: Start = {}): Promise<string> {
  await using gateway = await startGateway(yaml, { dir: home.dir, waitFor: "exit", ...start });
  expect([1, 2]).toContain(await gateway.exited);
  expect(gateway.stderr()).not.toMatch(/\bat .*\.ts:\d|node_modules|\$bunfs|StoreError/);
  return gateway.stderr();
}

/** A start that has to work: the key is known, and has spent so much. */
async function sound({ yaml, home, key }: Scene, calls: number, start: Start = {}): Promise<void> {
  await using gateway = await startGateway(yaml, { dir: home.dir, ...start });
  expect((await moneyOf(gateway, key)).spend).toBeCloseTo(calls * paidUsd, 6);
  gateway.signal("SIGTERM");
  expect(await gateway.exited).toBe(0);
}

describe("the journal", () => {
  test("with a byte flipped in its middle", async () => {
    const at = scene();
    const segment = at.segment();
    const whole = readFileSync(segment);
    flip(segment, 60);

    const said = await refusal(at);

    expect(said).toContain(segment);
    expect(said).toMatch(/damaged at byte \d+/);
    expect(said).toContain("Restore the file from a backup");
    expect(readFileSync(segment).length).toBe(whole.length);
    const aside = `${segment}.aside`;
    renameSync(segment, aside);
    await sound(at, 1);
    renameSync(aside, segment);
    writeFileSync(segment, whole);
    await sound(at, 3);
  });

  test.skipIf(!isRoot)("that another user cannot read", async () => {
    const at = scene();
    const own = [at.home.dir, at.data, ...readdirSync(at.data).map(at.file)];
    for (const path of own) chownSync(path, nobody, nobody);
    const segment = at.segment();
    chownSync(segment, 0, 0);
    chmodSync(segment, 0o000);
    const wrap = ["setpriv", `--reuid=${nobody}`, `--regid=${nobody}`, "--clear-groups"];

    const said = await refusal(at, { wrap });

    expect(said).toContain(segment);
    expect(said).toContain("EACCES");
    expect(said).toMatch(/owner and mode/);
    chownSync(segment, nobody, nobody);
    chmodSync(segment, 0o600);
    await sound(at, 3, { wrap });
  });

  test("with a directory in a segment's place", async () => {
    const at = scene();
    const segment = at.segment();
    renameSync(segment, `${segment}.aside`);
    mkdirSync(segment);

    const said = await refusal(at);

    expect(said).toContain(segment);
    expect(said).toContain("is no file");
    rmSync(segment, { recursive: true });
    renameSync(`${segment}.aside`, segment);
    await sound(at, 3);
  });

  test("with a file in its folder's place", async () => {
    const at = scene();
    renameSync(at.file("journal"), at.file("aside"));
    writeFileSync(at.file("journal"), "");

    const said = await refusal(at);

    expect(said).toContain(at.file("journal"));
    expect(said).toMatch(/ENOTDIR|EEXIST/);
    rmSync(at.file("journal"));
    renameSync(at.file("aside"), at.file("journal"));
    await sound(at, 3);
  });

  test.each([
    ["half a head", Buffer.from([40, 0])],
    ["a head without its payload", Buffer.from([40, 0, 0, 0, 1, 2, 3, 4])],
    ["zeros, as a power cut leaves them", Buffer.alloc(5_000)],
  ])("with a torn tail (%s): it is cut off, and the start goes on", async (_, tail) => {
    const at = scene();
    const segment = at.segment();
    const { size } = statSync(segment);
    appendFileSync(segment, tail);

    await sound(at, 3);

    expect(statSync(segment).size).toBe(size);
  });

  test("with its last record torn: that call is booked by its open record", async () => {
    const at = scene();
    const segment = at.segment();
    truncateSync(segment, statSync(segment).size - 5);

    await sound(at, 3);

    expect(rowsOf(at.data).map(({ names, estimated }) => [names[0], estimated])).toEqual([
      ["folded", false],
      ["one", false],
      ["two", true],
    ]);
  });
});

describe.each(["ledger.db", "tollgate.db"])("%s", (name) => {
  test.each([
    ["overwritten", (file: string) => writeFileSync(file, "x".repeat(20_000))],
    ["damaged where it tells its tables", (file: string) => smear(file)],
    ["empty", (file: string) => writeFileSync(file, "")],
    ["another program's", (file: string) => foreign(file)],
    ["of a newer version", (file: string) => newer(file)],
  ])("%s", async (_, damage) => {
    const at = scene();
    const file = at.file(name);
    const aside = `${at.data}.aside`;
    copy(at.data, aside);
    whole(file);
    damage(file);
    const damaged = readFileSync(file);

    const said = await refusal(at);

    expect(said).toContain(file);
    expect(said).toMatch(/[Rr]estore|Put the right file back|newer/);
    expect(readFileSync(file).equals(damaged)).toBe(true);
    rmSync(at.data, { recursive: true });
    renameSync(aside, at.data);
    await sound(at, 3);
  });

  test("gone, with its write-ahead log left", async () => {
    const at = scene();
    const file = at.file(name);
    renameSync(file, `${file}.aside`);

    const said = await refusal(at);

    expect(said).toContain(`${file}-wal`);
    renameSync(`${file}.aside`, file);
    await sound(at, 3);
  });
});

describe("the salt key", () => {
  test("lost", async () => {
    const at = scene();
    renameSync(at.file("salt_key"), at.file("aside"));

    const said = await refusal(at);

    expect(said).toContain(at.file("salt_key"));
    expect(said).toContain("from a backup");
    renameSync(at.file("aside"), at.file("salt_key"));
    await sound(at, 3);
  });

  test("another one", async () => {
    const at = scene();
    const right = readFileSync(at.file("salt_key"), "utf8");
    writeFileSync(at.file("salt_key"), "quite another text, and as long\n");

    const said = await refusal(at);

    expect(said).toContain(at.file("salt_key"));
    expect(said).not.toContain("quite another text");
    writeFileSync(at.file("salt_key"), right);
    await sound(at, 3);
  });

  test("set to another one in the environment", async () => {
    const env = { TOLLGATE_SALT_KEY: "canary-salt-0b1d77" };
    await using at = await killed(env);

    const other = await refusal(at, { env: { TOLLGATE_SALT_KEY: "canary-other-4411" } });
    const none = await refusal(at);

    for (const said of [other, none]) {
      expect(said).toContain("TOLLGATE_SALT_KEY");
      expect(said).not.toMatch(/canary/);
    }
    await sound(at, 3, { env });
  });
});
