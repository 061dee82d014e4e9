import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { type Frame, framesIn, putFrame, roomForFrame } from "../src/call-log/frame.ts";
import { wordsOf } from "../src/call-log/show.ts";
import { type LogDatabase, openLogDatabase } from "../src/storage/sqlite/log-store.ts";

/**
 * The log of bodies by itself: `--rows` small calls are stored and indexed, then words are looked for, the latest 50.
 * `bun bench/log-search.ts [--rows N]`; prints figures, and ends with 1 where a search takes longer than its bar.
 */
const { values } = parseArgs({ options: { rows: { type: "string", default: "1000000" } } });
const rows = Number(values.rows);
const packCalls = 500;
const searchBarMs = 500;
const startedAt = Date.UTC(2026, 9, 1);
const stepMs = 20;
const vocabulary = 100_000;

/** Zipf's law: the word of rank n is met 1/n times as often as the first. */
const words = Array.from({ length: vocabulary }, (_, rank) => wordOfRank(rank));
const rare = "needle";
const rareEvery = 100_000;

const folder = mkdtempSync(join(tmpdir(), "log-search-"));
try {
  main();
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function main(): void {
  const file = join(folder, "logs.db");
  const log = openLogDatabase(file, (pack) => [...framesIn(pack)].map(wordsOf));
  fill(log);
  log.close();
  console.log(
    `  file ${mb(statSync(file).size)} MB, ${(statSync(file).size / rows).toFixed(0)} bytes a call`,
  );
  const slowest = ask(openLogDatabase(file, () => []));
  console.log(`  process ${mb(process.memoryUsage.rss())} MB`);
  if (slowest > searchBarMs) process.exitCode = 1;
}

function fill(log: LogDatabase): void {
  let storing = 0;
  let indexing = 0;
  let longest = 0;
  let textBytes = 0;
  for (let first = 0; first < rows; first += packCalls) {
    const pack = packOf(first, Math.min(packCalls, rows - first));
    textBytes += pack.bytes.length;
    storing += spent(() => log.write(pack, startedAt + first * stepMs));
    for (let isBehind = true; isBehind;) {
      const at = performance.now();
      indexing += spent(() => (isBehind = log.indexSome() !== null));
      longest = Math.max(longest, performance.now() - at);
    }
  }
  console.log(`${rows} calls, ${(textBytes / rows).toFixed(0)} bytes each with their heads`);
  console.log(`  stored  ${(storing / rows).toFixed(2)} µs of CPU a call`);
  console.log(
    `  indexed ${(indexing / rows).toFixed(2)} µs of CPU a call, longest step ${longest.toFixed(0)} ms`,
  );
}

function spent(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return user + system;
}

function packOf(first: number, count: number): { bytes: Uint8Array; ids: string[] } {
  const frames = Array.from({ length: count }, (_, index) => frameOf(first + index));
  const bytes = Buffer.alloc(frames.reduce((sum, frame) => sum + roomForFrame(frame), 0));
  const end = frames.reduce((offset, frame) => putFrame(bytes, offset, frame), 0);
  return { bytes: bytes.subarray(0, end), ids: frames.map(({ id }) => id) };
}

/** A question and an answer, about 120 bytes together. */
function frameOf(index: number): Frame {
  const asked = index % rareEvery === rareEvery >> 1 ? `${text(9)} ${rare}` : text(10);
  const head = {
    method: "POST",
    url: "/v1/chat/completions",
    requestHeaders: { "content-type": "text/plain" },
    requestBytes: 60,
    status: 200,
    replyHeaders: { "content-type": "text/plain" },
    replyBytes: 60,
  };
  return {
    id: Bun.randomUUIDv7("hex", startedAt + index * stepMs),
    head: JSON.stringify(head),
    secrets: [],
    maxBytes: 65_536,
    request: { bytes: Buffer.from(asked), isCut: false, coding: "identity" },
    reply: { bytes: Buffer.from(text(10)), isCut: false, coding: "identity" },
  };
}

function text(count: number): string {
  const said: string[] = [];
  for (let n = 0; n < count; n++)
    said.push(words[Math.floor(vocabulary ** Math.random()) - 1] ?? "");
  return said.join(" ");
}

function wordOfRank(rank: number): string {
  return `${Bun.hash(String(rank))
    .toString(26)
    .replace(/\d/g, (digit) => String.fromCharCode(113 + Number(digit)))}`.slice(0, 3 + (rank % 7));
}

function ask(log: LogDatabase): number {
  const [first = "", second = "", third = ""] = words;
  const middle = words[2_000] ?? "";
  const until = startedAt + (rows * stepMs) / 10;
  const questions: readonly (readonly [
    string,
    { text: string; since?: number; until?: number },
  ])[] = [
    ["rare", { text: rare }],
    ["middle", { text: middle }],
    ["the commonest", { text: first }],
    ["three common ones", { text: `${first} ${second} ${third}` }],
    ["common and rare", { text: `${first} ${rare}` }],
    ["a phrase of common ones", { text: `"${first} ${second} ${third}"` }],
    ["begins like many", { text: `${first.slice(0, 3)}*` }],
    ["in none", { text: "zzzzzzzzzz" }],
    ["the commonest, the oldest tenth", { text: first, until }],
    ["middle, the oldest tenth", { text: middle, until }],
  ];
  let slowest = 0;
  console.log(`the latest 50, first time and median of 5 (bar ${searchBarMs} ms)`);
  for (const [name, question] of questions) {
    const times: number[] = [];
    let found = 0;
    for (let round = 0; round < 6; round++) {
      const at = performance.now();
      found = log.search({ ...question, limit: 50 }).length;
      times.push(performance.now() - at);
    }
    const [once = 0] = times;
    const median = times.slice(1).toSorted((a, b) => a - b)[2] ?? 0;
    slowest = Math.max(slowest, once, median);
    console.log(
      `  ${once.toFixed(1).padStart(7)} ${median.toFixed(1).padStart(7)} ms  ${name}: ${found}`,
    );
  }
  return slowest;
}

function mb(bytes: number): string {
  return (bytes / 1e6).toFixed(1);
}
