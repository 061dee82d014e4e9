import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { LedgerWork } from "../src/core/ledger-store.ts";
import type { CallFilter, RowOrder } from "../src/core/spend.ts";
import type { CallRow } from "../src/core/types.ts";
import { openLedgerWork } from "../src/ledger-work.ts";
import { encodeEntry, putRecord, roomFor } from "../src/ledger/format.ts";
import { migrateLedger } from "../src/storage/sqlite/ledger-schema.ts";

/**
 * The ledger's store by itself: journal segments of `--rows` calls are folded into a fresh database, then pages are
 * asked for. `bun bench/ledger-rows.ts [--rows N] [--keys N]`; prints figures, and ends with 1 where a page takes
 * longer than its bar.
 */
const { values } = parseArgs({
  options: {
    rows: { type: "string", default: "1000000" },
    keys: { type: "string", default: "500" },
  },
});
const rows = Number(values.rows);
const keys = Number(values.keys);
const segmentRows = 25_000;
const pageBarMs = 50;
const startedAt = Date.UTC(2026, 9, 1);
const stepMs = 500;

const folder = mkdtempSync(join(tmpdir(), "ledger-rows-"));
try {
  await main();
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function main(): Promise<void> {
  const file = join(folder, "ledger.db");
  migrateLedger(file);
  const work = openLedgerWork({ file, keepRows: true });
  const rssBefore = process.memoryUsage.rss();
  await work.refusals(0, 1);
  console.log(`thread: ${mb(process.memoryUsage.rss() - rssBefore)} MB`);
  await fill(work, file);
  const slowest = await askPages(work);
  await askReports(work);
  await work.close();
  if (slowest > pageBarMs) process.exitCode = 1;
}

async function fill(work: LedgerWork, file: string): Promise<void> {
  let cpu = 0;
  let wall = 0;
  let bytes = 0;
  for (let first = 0; first < rows; first += segmentRows) {
    const path = join(folder, `${String(first).padStart(12, "0")}-1-1.journal`);
    const segment = segmentOf(first, Math.min(segmentRows, rows - first));
    writeFileSync(path, segment);
    const before = process.cpuUsage();
    const at = performance.now();
    await work.fold(path, segment.length);
    wall += performance.now() - at;
    const { user, system } = process.cpuUsage(before);
    cpu += user + system;
    bytes += segment.length;
    rmSync(path);
  }
  await work.secure();
  const perRow = (total: number) => (total / rows).toFixed(2);
  console.log(`fold: ${rows} rows, ${keys} keys, ${mb(bytes)} MB of journal`);
  console.log(`  CPU  ${perRow(cpu)} µs/row (reading, parsing, writing, checkpoints)`);
  console.log(`  time ${perRow(wall * 1000)} µs/row`);
  console.log(
    `  database ${mb(statSync(file).size)} MB, process ${mb(process.memoryUsage.rss())} MB`,
  );
}

function segmentOf(first: number, count: number): Buffer {
  const buffer = Buffer.alloc(count * 2_400);
  let offset = 0;
  for (let index = first; index < first + count; index++) {
    const row = rowOf(index);
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

/** Busy keys and quiet ones, two calls of a hundred failed, costs from a tenth of a cent to ten dollars. */
function rowOf(index: number): CallRow {
  const at = startedAt + index * stepMs;
  const key = Math.floor(Math.random() ** 2 * keys);
  const failed = Math.random() < 0.02;
  return {
    id: Bun.randomUUIDv7("hex", at),
    startedAt: at,
    firstByteMs: 40 + Math.random() * 400,
    durationMs: 50 + Math.random() * 9_000,
    method: "POST",
    status: failed ? 502 : 200,
    error: failed ? "upstream_unreachable" : null,
    route: `route-${key % 20}`,
    target: `https://api-${key % 20}.example.com/v1/chat/completions`,
    keyId: keyId(key),
    teamId: `team-${key % 25}`,
    userId: `user-${key % 100}`,
    endUser: null,
    model: `model-${index % 7}`,
    costNanoUsd: failed ? null : Math.round(10 ** (6 + Math.random() * 4)),
    estimated: false,
    bytesIn: 1_024,
    bytesOut: 4_096,
    tags: index % 50 === 0 ? ["nightly"] : [],
    metadata: null,
    provider: null,
    usage: null,
    unpriced: null,
    overheadMs: null,
    isStream: false,
    userAgent: null,
    isKept: true,
  };
}

function keyId(key: number): string {
  return Bun.hash(String(key)).toString(16).padStart(16, "0").repeat(2);
}

async function askPages(work: LedgerWork): Promise<number> {
  const latest: RowOrder = { by: "startedAt", descending: true };
  const dearest: RowOrder = { by: "cost", descending: true };
  const until = startedAt + rows * stepMs;
  const since = until - (rows * stepMs) / 2;
  const half = Math.max(1, Math.floor(rows / 100));
  const questions: readonly (readonly [string, CallFilter, RowOrder, number])[] = [
    ["no filter", {}, latest, 1],
    ["no filter, page in the middle", {}, latest, half],
    ["busiest key", { keyIds: [keyId(0)] }, latest, 1],
    ["a key, half of the time", { keyIds: [keyId(keys >> 1)], since, until }, latest, 1],
    ["a key, its failures", { keyIds: [keyId(0)], failed: true }, latest, 1],
    ["a key, by cost", { keyIds: [keyId(0)] }, dearest, 1],
    ["half of the time", { since, until }, latest, 1],
    ["failed", { failed: true }, latest, 1],
    ["failed, half of the time", { failed: true, since, until }, latest, 1],
    ["from a dollar on", { minSpendNanoUsd: 1e9 }, latest, 1],
    ["from a dollar on, half of the time", { minSpendNanoUsd: 1e9, since, until }, latest, 1],
    ["one team", { teamId: "team-3" }, latest, 1],
    ["one route", { route: "route-3" }, latest, 1],
    ["one model", { model: "model-3" }, latest, 1],
    ["dearest first", {}, dearest, 1],
    ["dearest first, half of the time", { since, until }, dearest, 1],
    ["(no bar) one user", { userId: "user-3" }, latest, 1],
    ["(no bar) one tag", { tag: "nightly" }, latest, 1],
    ["(no bar) longest first", {}, { by: "durationMs", descending: true }, 1],
  ];
  let slowest = 0;
  console.log(`pages of 50, median of 5 (bar ${pageBarMs} ms), as the event loop sees them`);
  for (const [name, filter, order, page] of questions) {
    const { ms, answer } = await timed(() => work.rows(filter, order, { page, size: 50 }));
    if (!name.startsWith("(")) slowest = Math.max(slowest, ms);
    console.log(`  ${ms.toFixed(1).padStart(6)} ms  ${name}: ${answer.total}`);
  }
  return slowest;
}

async function askReports(work: LedgerWork): Promise<void> {
  console.log("reports");
  const byTeam = await timed(() => work.sums(["day", "team", "key", "model"], {}));
  console.log(
    `  ${byTeam.ms.toFixed(1).padStart(6)} ms  day, team, key, model: ${byTeam.answer.length}`,
  );
  const byKey = await timed(() => work.sums(["key"], {}));
  console.log(`  ${byKey.ms.toFixed(1).padStart(6)} ms  key: ${byKey.answer.length}`);
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
