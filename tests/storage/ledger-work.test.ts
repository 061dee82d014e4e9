import { expect, test } from "bun:test";
import { existsSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { LedgerError, type LedgerTrouble } from "../../src/core/ledger-store.ts";
import { openLedgerWork } from "../../src/ledger-work.ts";
import { openAccounts } from "../../src/storage/sqlite/ledger-accounts.ts";
import { migrateLedger } from "../../src/storage/sqlite/ledger-schema.ts";
import { temporaryFolder, until } from "../process/program.ts";
import { callRow, manyRows, rowEntry, segmentBytes } from "./ledger-samples.ts";

const latest = { by: "startedAt", descending: true } as const;
const name = "000000000001-1-1.journal";

function start() {
  const folder = temporaryFolder();
  const file = folder.file("ledger.db");
  migrateLedger(file);
  const failures: LedgerError[] = [];
  const open = () =>
    openLedgerWork({ file, keepRows: true, failed: (error) => failures.push(error) });
  const work = open();
  return {
    file,
    folder,
    work,
    open,
    failures,
    segment: folder.file(name),
    async [Symbol.asyncDispose]() {
      await work.close();
      folder[Symbol.dispose]();
    },
  };
}

async function troubleOf(work: Promise<unknown>): Promise<LedgerTrouble | null> {
  try {
    await work;
    return null;
  } catch (error) {
    if (error instanceof LedgerError) return error.trouble;
    throw error;
  }
}

async function messageOf(work: Promise<unknown>): Promise<string> {
  return await work.then(
    () => "",
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );
}

const open = (index: number) =>
  ({ kind: "open", row: callRow(), bootMs: index, tokens: 0, modelScopes: [] }) as const;

test("a segment is folded to the end that is asked for, later the rest", async () => {
  await using given = start();
  const rows = manyRows(2_500);
  const entries = rows.flatMap((row, index) => [
    open(index),
    { kind: "row", row, modelScopes: [] } as const,
  ]);
  const first = segmentBytes(entries.slice(0, 2_000));
  const all = segmentBytes(entries);
  writeFileSync(given.segment, all);

  expect(await given.work.fold(given.segment, first.length)).toBe(first.length);
  const half = await given.work.rows({}, latest, { page: 1, size: 5 });
  expect([half.total, half.items[0]?.id]).toEqual([1_000, rows[999]?.id]);
  expect(await given.work.fold(given.segment, all.length)).toBe(all.length);
  expect(await given.work.fold(given.segment, all.length)).toBe(all.length);

  const whole = await given.work.rows({}, latest, { page: 1, size: 3_000 });
  expect(whole.items).toEqual(rows.toReversed());
  const accounts = openAccounts(given.file);
  expect(accounts.position(name)).toBe(all.length);
  accounts.close();
  await given.work.secure();
  await given.work.forget(name);
  expect((await given.work.sums(["day"], {})).length).toBe(4);
});

test("questions and retention are answered while a long segment is folded", async () => {
  await using given = start();
  const bytes = segmentBytes(
    manyRows(20_000).map((row) => ({ kind: "row", row, modelScopes: [] })),
  );
  writeFileSync(given.segment, bytes);

  const folding = given.work.fold(given.segment, bytes.length);
  const again = given.work.fold(given.segment, bytes.length);
  const page = await given.work.rows({}, latest, { page: 1, size: 1 });
  await given.work.retain({ maxAgeMs: null, maxBytes: 1e9 });

  expect(page.total).toBeLessThan(20_000);
  expect(await Promise.all([folding, again])).toEqual([bytes.length, bytes.length]);
  expect((await given.work.rows({}, latest, { page: 1, size: 1 })).total).toBe(20_000);
});

test("records longer than what is read at once are folded too", async () => {
  await using given = start();
  const long = JSON.stringify({ x: "y".repeat(3_000_000) });
  const bytes = segmentBytes([rowEntry(), rowEntry({ metadata: long }), rowEntry()]);
  writeFileSync(given.segment, bytes);

  expect(await given.work.fold(given.segment, bytes.length)).toBe(bytes.length);

  const { items } = await given.work.rows({}, latest, { page: 1, size: 5 });
  expect(items.map(({ metadata }) => metadata?.length ?? 0).toSorted()).toEqual(
    [0, 0, long.length].toSorted(),
  );
});

test("a damaged segment is folded up to the place, and said to be damaged there", async () => {
  await using given = start();
  const good = segmentBytes([rowEntry(), rowEntry()]);
  const bytes = Buffer.concat([good, segmentBytes([rowEntry(), rowEntry()])]);
  bytes[good.length + 20] = 0;
  writeFileSync(given.segment, bytes);

  expect(await troubleOf(given.work.fold(given.segment, bytes.length))).toBe("damaged");

  expect((await given.work.rows({}, latest, { page: 1, size: 5 })).total).toBe(2);
  const message = `damaged at byte ${good.length}`;
  expect(await messageOf(given.work.fold(given.segment, bytes.length))).toContain(message);
  expect(await troubleOf(given.work.fold(given.folder.file("none"), 1))).toBe("failed");
  expect(given.failures).toEqual([]);
});

test("a ledger that cannot be opened is said so each time, until it can", async () => {
  using folder = temporaryFolder();
  const file = folder.file("ledger.db");
  writeFileSync(file, "no database at all, but long enough to be read as one".repeat(50));
  const work = openLedgerWork({ file, keepRows: true });

  expect(await troubleOf(work.refusals(0, 1))).toBe("failed");
  expect(await messageOf(work.refusals(0, 1))).toContain("is no database");
  writeFileSync(file, "");
  expect(await troubleOf(work.refusals(0, 1))).toBe("failed");
  await Bun.file(file).delete();

  expect(await work.refusals(0, 1)).toEqual([]);
  await work.close();
});

test("what is asked of a ledger that is closed is refused; closing twice is well", async () => {
  await using given = start();
  await given.work.refusals(0, 1);

  await given.work.close();
  await given.work.close();

  expect(await troubleOf(given.work.refusals(0, 1))).toBe("stopped");
  expect(given.failures).toEqual([]);
  expect(existsSync(`${given.file}-wal`) && statSync(`${given.file}-wal`).size > 0).toBe(false);
});

test("a process that is killed while it folds leaves all of a batch or nothing, and the rest is folded after it", async () => {
  await using given = start();
  const rows = manyRows(30_000);
  const bytes = segmentBytes(rows.map((row) => ({ kind: "row", row, modelScopes: [] })));
  writeFileSync(given.segment, bytes);
  const script = join(import.meta.dir, "ledger-folding.ts");
  const spent = rows.reduce((total, row) => total + (row.costNanoUsd ?? 0), 0);
  const accounts = openAccounts(given.file);

  let kills = 0;
  for (let round = 0; round < 4; round++) {
    const before = accounts.position(name);
    const args = [given.file, given.segment, String(bytes.length)];
    const child = Bun.spawn([process.execPath, script, ...args], { stdout: "ignore" });
    await until(() => accounts.position(name) > before || child.exitCode !== null);
    child.kill("SIGKILL");
    await child.exited;
    if (accounts.position(name) < bytes.length) kills += 1;
  }
  expect(await given.work.fold(given.segment, bytes.length)).toBe(bytes.length);

  expect(kills).toBeGreaterThan(0);
  expect((await given.work.rows({}, latest, { page: 1, size: 1 })).total).toBe(rows.length);
  expect(accounts.account("all")?.spentNanoUsd).toBe(spent);
  expect(await given.work.sums([], {})).toMatchObject([
    { calls: rows.length, spendNanoUsd: spent },
  ]);
  accounts.close();
});

test("the thread alone does not keep a process alive", async () => {
  await using given = start();
  const url = join(import.meta.dir, "../../src/ledger-work.ts");
  const code = `const { openLedgerWork } = await import(${JSON.stringify(url)});
    const work = openLedgerWork({ file: ${JSON.stringify(given.file)}, keepRows: true });
    console.log(JSON.stringify(await work.refusals(0, 1)));`;

  const child = Bun.spawn([process.execPath, "-e", code], { stdout: "pipe" });

  expect(await child.stdout.text()).toBe("[]\n");
  expect(await child.exited).toBe(0);
});
