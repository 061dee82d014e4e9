import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { LedgerWork } from "../src/core/ledger-store.ts";
import type { CallFilter, RowOrder } from "../src/core/spend.ts";
import type { CallRow } from "../src/core/types.ts";
import { openLedgerWork } from "../src/ledger-work.ts";
import { encodeEntry, putRecord, roomFor } from "../src/ledger/format.ts";
import { migrateLedger } from "../src/storage/sqlite/ledger-schema.ts";
import { fillLedger } from "./fill-ledger.ts";
import { keyIdOf, liveCall, madeUpCall } from "./ledger-calls.ts";

/**
 * The ledger's store by itself: a year of `--rows` calls in a fresh database, the last ones by way of the journal, then
 * pages and reports are asked for. `bun bench/ledger-rows.ts [--rows N] [--keys N]`; prints figures, and ends with 1
 * where an answer takes longer than its bar.
 */
const { values } = parseArgs({
  options: {
    rows: { type: "string", default: "1000000" },
    keys: { type: "string", default: "100" },
  },
});
const rows = Number(values.rows);
const until = Date.UTC(2026, 10, 21);
const since = Date.UTC(2025, 10, 21);
const calls = { rows, keys: Number(values.keys), since, until };
const segmentRows = 25_000;
const journalRows = Math.min(rows, 200_000);
const barMs = 100;

const latest: RowOrder = { by: "startedAt", descending: true };
const dearest: RowOrder = { by: "cost", descending: true };
const longest: RowOrder = { by: "durationMs", descending: true };
const someKey = keyIdOf(calls.keys >> 1);

const folder = mkdtempSync(join(tmpdir(), "ledger-rows-"));
try {
  await main();
} finally {
  while (existsSync(folder)) rmSync(folder, { recursive: true, force: true }); // a thread that ends removes files too
}

async function main(): Promise<void> {
  await foldLive();
  const file = join(folder, "ledger.db");
  migrateLedger(file);
  fillDirectly(file);
  const work = openLedgerWork({ file, keepRows: true });
  const rssBefore = process.memoryUsage.rss();
  await work.refusals(0, 1);
  console.log(`thread: ${mb(process.memoryUsage.rss() - rssBefore)} MB`);
  await foldJournal(work, `${calls.keys} keys`, rows - journalRows, yearCall);
  console.log(`database ${mb(statSync(file).size)} MB`);
  const slowest = Math.max(
    await askPages(work),
    await askReports(work),
    await askBehindNewRows(work),
  );
  await work.close();
  if (slowest > barMs) process.exitCode = 1;
}

/** The calls of a busy moment. */
async function foldLive(): Promise<void> {
  const file = join(folder, "live.db");
  migrateLedger(file);
  const work = openLedgerWork({ file, keepRows: true });
  await work.refusals(0, 1);
  await foldJournal(work, "a busy moment", 0, liveCall);
  await work.close();
}

/** How long the longest of many questions waits while something is done. */
async function longestWait(work: LedgerWork, act: () => Promise<void>): Promise<number> {
  let isDone = false;
  let longest = 0;
  const asking = async () => {
    while (!isDone) {
      const at = performance.now();
      await work.refusals(0, 1);
      longest = Math.max(longest, performance.now() - at);
      await Bun.sleep(5);
    }
  };
  const asked = asking();
  await act();
  isDone = true;
  await asked;
  return longest;
}

/** All but the last rows: what is measured here is the store alone. */
function fillDirectly(file: string): void {
  const count = rows - journalRows;
  const spent = fillLedger(file, calls, count);
  if (count > 0) console.log(`store: ${count} rows, ${((spent * 1000) / count).toFixed(2)} µs/row`);
}

async function foldJournal(
  work: LedgerWork,
  name: string,
  from: number,
  callOf: (index: number) => CallRow,
): Promise<void> {
  const segments: { readonly path: string; readonly bytes: number }[] = [];
  for (let first = from; first < from + journalRows; first += segmentRows) {
    const path = join(folder, `${String(first).padStart(12, "0")}-1-1.journal`);
    const segment = segmentOf(first, Math.min(segmentRows, from + journalRows - first), callOf);
    writeFileSync(path, segment);
    segments.push({ path, bytes: segment.length });
  }
  const before = process.cpuUsage();
  const at = performance.now();
  const longest = await longestWait(work, async () => {
    for (const { path, bytes } of segments) await work.fold(path, bytes);
  });
  const wall = performance.now() - at;
  const { user, system } = process.cpuUsage(before);
  for (const { path } of segments) rmSync(path);
  await work.secure();
  const perRow = (total: number) => (total / journalRows).toFixed(2);
  console.log(`fold of a journal, ${name}: ${journalRows} rows`);
  console.log(`  CPU  ${perRow(user + system)} µs/row (reading, parsing, writing, checkpoints)`);
  console.log(
    `  time ${perRow(wall * 1000)} µs/row; a question waits for ${longest.toFixed(1)} ms at most`,
  );
}

function yearCall(index: number): CallRow {
  return madeUpCall(calls, index);
}

function segmentOf(first: number, count: number, callOf: (index: number) => CallRow): Buffer {
  const buffer = Buffer.alloc(count * 3_000);
  let offset = 0;
  for (let index = first; index < first + count; index++) {
    const row = callOf(index);
    for (const text of [
      encodeEntry({ kind: "open", row, bootMs: index, tokens: 0, modelScopes: [] }),
      encodeEntry({ kind: "row", row, modelScopes: [] }),
    ]) {
      if (offset + roomFor(text) > buffer.length) throw new Error("a row is longer than expected");
      offset = putRecord(buffer, offset, text);
    }
  }
  return buffer.subarray(0, offset);
}

async function askPages(work: LedgerWork): Promise<number> {
  const half = { since: until - (until - since) / 2, until };
  const deep = Math.max(1, Math.floor(Math.min(rows / 2, 100_000) / 50));
  const questions: readonly (readonly [string, CallFilter, RowOrder, number?])[] = [
    ["no filter", {}, latest],
    [`no filter, page ${deep}`, {}, latest, deep],
    ["half of the time", half, latest],
    ["busiest key", { keyIds: [keyIdOf(0)] }, latest],
    ["a key, half of the time", { keyIds: [someKey], ...half }, latest],
    ["a key, page 100", { keyIds: [someKey] }, latest, 100],
    ["a key, its failures", { keyIds: [someKey], failed: true }, latest],
    ["a key, by cost", { keyIds: [someKey] }, dearest],
    ["one team", { teamId: "team-3" }, latest],
    ["one team, page 100", { teamId: "team-3" }, latest, 100],
    ["one route", { route: "route-3" }, latest],
    ["one model", { model: "model-3" }, latest],
    ["one user", { userId: "user-99" }, latest],
    ["one end user", { endUser: "customer 17" }, latest],
    ["one tag", { tag: "nightly" }, latest],
    ["a rare tag", { tag: "rare" }, latest],
    ["a tag that nobody has", { tag: "none" }, latest],
    ["failed", { failed: true }, latest],
    ["status 418", { status: 418 }, latest],
    ["all of 4xx", { statuses: Array.from({ length: 100 }, (_, index) => 400 + index) }, latest],
    ["team and model", { teamId: "team-3", model: "model-3" }, latest],
    [
      "team and model that do not meet",
      { teamId: "team-0", model: "model-6", route: "route-9" },
      latest,
    ],
    ["from a dollar on", { minSpendNanoUsd: 1e9 }, latest],
    ["from 9.999 dollars on", { minSpendNanoUsd: 9.999e9 }, latest],
    ["longer than 9.4 s", { minDurationMs: 9_400 }, latest],
    ["longer than 9.43 s", { minDurationMs: 9_430 }, latest],
    ["dearest first", {}, dearest],
    ["dearest first, half of the time", half, dearest],
    ["(no bar) dearest first, page 20", {}, dearest, 20],
    ["dearest first, one model", { model: "model-3" }, dearest],
    ["cheapest first", {}, { by: "cost", descending: false }],
    ["longest first", {}, longest],
    ["longest first, one team", { teamId: "team-3" }, longest],
    ["by status", {}, { by: "status", descending: true }],
  ];
  let slowest = 0;
  console.log(`pages of 50, median of 5 (bar ${barMs} ms), as the event loop sees them`);
  for (const [name, filter, order, page = 1] of questions) {
    const { ms, answer } = await timed(() => work.rows(filter, order, { page, size: 50 }));
    if (!name.startsWith("(")) slowest = Math.max(slowest, ms);
    const total = `${answer.isCapped === true ? "at least " : ""}${answer.total}`;
    told(ms, `${name}: ${answer.items.length} of ${total}`);
  }
  const { ms, answer } = await timed(() => work.scan({ teamId: "team-3" }, null, 1_000));
  told(ms, `export, one team, first ${answer.length}`);
  return slowest;
}

async function askReports(work: LedgerWork): Promise<number> {
  console.log("reports on the year");
  const reports = {
    day: () => work.sums(["day"], { since, until }),
    key: () => work.sums(["key", "model"], { since, until }),
    "day and key": () => work.sums(["day", "key"], { since, until }),
    "day and team": () => work.sums(["day", "team"], { since, until }),
    "day and route": () => work.sums(["day", "route"], { since, until }),
    "day and model": () => work.sums(["day", "model"], { since, until }),
    "day, team, model, key": () => work.sums(["day", "team", "model", "key"], { since, until }),
    "day and tag": () => work.tagSums(["day", "tag"], { since, until }),
    "latencies by route": () => work.latencies("whole", { since, until }),
    "latencies by route and day": () => work.latencies("day", { since, until }),
    "latencies by hour, one route": () =>
      work.latencies("hour", { since, until, route: "route-3" }),
  };
  let slowest = 0;
  for (const [name, ask] of Object.entries(reports)) {
    const { ms, answer } = await timed<readonly unknown[]>(ask);
    slowest = Math.max(slowest, ms);
    told(ms, `${name}: ${answer.length}`);
  }
  return slowest;
}

/** The first question behind rows that are in no roll-up yet has to wait for these. */
async function askBehindNewRows(work: LedgerWork): Promise<number> {
  const path = join(folder, "new.journal");
  const segment = segmentOf(rows - 9_999, 9_999, yearCall);
  writeFileSync(path, segment);
  await work.fold(path, segment.length);
  rmSync(path);
  const at = performance.now();
  const sums = await work.sums(["day"], { since, until });
  const ms = performance.now() - at;
  told(ms, `day, with new rows: ${sums.length}`);
  return ms;
}

function told(ms: number, what: string): void {
  console.log(`  ${ms.toFixed(1).padStart(6)} ms  ${what}`);
}

async function timed<Answer>(ask: () => Promise<Answer>): Promise<{ ms: number; answer: Answer }> {
  const times: number[] = [];
  let answer = await ask();
  for (let round = 0; round < 5; round++) {
    const at = performance.now();
    answer = await ask();
    times.push(performance.now() - at);
  }
  return { ms: times.toSorted((a, b) => a - b)[2] ?? 0, answer };
}

function mb(bytes: number): string {
  return (bytes / 1e6).toFixed(1);
}
