import type { JournalEntry } from "../core/journal.ts";
import { rowOf, rowValues } from "./row-values.ts";

/**
 * A record of a journal: its payload's length and CRC-32, four bytes each, little-endian; then the payload, an array as
 * JSON. The first element says which kind, so that a later version can add to it.
 */
export const headBytes = 8;

/** Longer is no record of ours: it is what a broken length says. */
const maxPayloadBytes = 16 * 1024 * 1024;

/** Room that a record takes at most, before it is encoded. */
export function roomFor(text: string): number {
  return headBytes + text.length * 3;
}

/** Writes one record at `offset`, which has `roomFor` it; gives the offset behind it. */
export function putRecord(buffer: Buffer, offset: number, text: string): number {
  const start = offset + headBytes;
  const end = start + buffer.write(text, start);
  buffer.writeUInt32LE(end - start, offset);
  buffer.writeUInt32LE(Bun.hash.crc32(buffer.subarray(start, end)), offset + 4);
  return end;
}

/** `record`: the payload and where the next one begins. `end`: nothing more. `torn`, `damaged`: see `readRecord`. */
export type ReadRecord =
  | { readonly kind: "record"; readonly text: string; readonly next: number }
  | { readonly kind: "end" | "torn" | "damaged" };

/**
 * The record at `offset`. `torn`: a write that was cut off, as the last one of a process that was killed is; nothing
 * whole comes behind it. `damaged`: bytes that were whole once, with more behind them.
 */
export function readRecord(bytes: Buffer, offset: number): ReadRecord {
  const next = recordEnd(bytes, offset);
  if (typeof next === "string") return { kind: next };
  return { kind: "record", text: bytes.toString("utf8", offset + headBytes, next), next };
}

/** Where the record at `offset` ends, if there is one: what comes behind its head is its payload. */
export function recordEnd(bytes: Buffer, offset: number): number | "end" | "torn" | "damaged" {
  if (offset === bytes.length) return "end";
  if (offset + headBytes > bytes.length) return "torn";
  const length = bytes.readUInt32LE(offset);
  const start = offset + headBytes;
  const next = start + length;
  if (length === 0 || length > maxPayloadBytes) return unreadable(bytes, offset, offset);
  if (next > bytes.length || crcOf(bytes, start, next) !== bytes.readUInt32LE(offset + 4)) {
    return unreadable(bytes, offset, next);
  }
  return next;
}

/** `end`: where the record at `offset` ends, as its head says. A broken head says anything: see what follows. */
function unreadable(bytes: Buffer, offset: number, end: number): "torn" | "damaged" {
  return isBlank(bytes, end) && !hasRecordBehind(bytes, offset) ? "torn" : "damaged";
}

/** After a power cut a file can be longer than what was written: the rest is zeros. */
function isBlank(bytes: Buffer, from: number): boolean {
  for (let at = from; at < bytes.length; at++) if (bytes[at] !== 0) return false;
  return true;
}

/** Its head has a zero byte, and no payload has one: what is found is a record, and not part of one. */
function hasRecordBehind(bytes: Buffer, offset: number): boolean {
  for (let at = offset + 1; at + headBytes < bytes.length; at++) {
    const start = at + headBytes;
    if (bytes[at + 3] !== 0 || bytes[start] !== openingBracket) continue;
    const next = start + bytes.readUInt32LE(at);
    if (next > bytes.length || bytes[next - 1] !== closingBracket) continue;
    if (crcOf(bytes, start, next) === bytes.readUInt32LE(at + 4)) return true;
  }
  return false;
}

const openingBracket = 0x5b;
const closingBracket = 0x5d;

function crcOf(bytes: Buffer, start: number, end: number): number {
  return Bun.hash.crc32(bytes.subarray(start, end));
}

/** The entry as a record's payload. Arrays, because names would be most of it. */
export function encodeEntry(entry: JournalEntry): string {
  switch (entry.kind) {
    case "open":
      return JSON.stringify([
        "o",
        entry.bootMs,
        entry.tokens,
        rowValues(entry.row),
        entry.modelScopes,
      ]);
    case "row":
      return JSON.stringify(["r", rowValues(entry.row), entry.modelScopes]);
    case "period":
      return JSON.stringify(["p", entry.scope, entry.start, entry.spentNanoUsd]);
    case "adjust":
      return JSON.stringify(["a", entry.scope, entry.nanoUsd]);
    case "refused":
      return JSON.stringify(["x", entry.minute, entry.route, entry.code, entry.count]);
  }
}

/** Null for a kind that this version does not know. The CRC vouches for the shape. */
export function decodeEntry(text: string): JournalEntry | null {
  return entryOf(JSON.parse(text));
}

/** Likewise of many payloads, without those of unknown kinds; a fourth cheaper than one by one. */
export function decodeEntries(texts: readonly string[]): JournalEntry[] {
  const entries: JournalEntry[] = [];
  for (const parts of JSON.parse(`[${texts.join(",")}]`)) {
    const entry = entryOf(parts);
    if (entry !== null) entries.push(entry);
  }
  return entries;
}

/** Of what `JSON.parse` gave. */
function entryOf(parts: ReturnType<typeof JSON.parse>): JournalEntry | null {
  switch (parts[0]) {
    case "o":
      return {
        kind: "open",
        bootMs: parts[1],
        tokens: parts[2],
        row: rowOf(parts[3]),
        modelScopes: parts[4],
      };
    case "r":
      return { kind: "row", row: rowOf(parts[1]), modelScopes: parts[2] };
    case "p":
      return {
        kind: "period",
        scope: parts[1],
        start: parts[2],
        spentNanoUsd: parts[3],
      };
    case "a":
      return { kind: "adjust", scope: parts[1], nanoUsd: parts[2] };
    case "x":
      return {
        kind: "refused",
        minute: parts[1],
        route: parts[2],
        code: parts[3],
        count: parts[4],
      };
    default:
      return null;
  }
}

/** Whether the payload that begins at `start` is an open entry: half of a journal are, and who needs none need not parse them. */
export function isOpenAt(bytes: Buffer, start: number): boolean {
  return bytes[start + 2] === letterO && bytes[start + 1] === quote && bytes[start + 3] === quote;
}

const quote = 0x22;
const letterO = 0x6f;

/** The beginning of an open entry. */
export interface OpenHead {
  readonly id: string;
  readonly bootMs: number;
  readonly tokens: number;
  /** Epoch milliseconds. */
  readonly startedAt: number;
}

const openHead = /^\["o",([\d.]+),([\d.]+),\["([^"\\]*)",(\d+),/;

/** What an open entry begins with, read at a tenth of the price; null for another kind. */
export function openHeadOf(text: string): OpenHead | null {
  if (!text.startsWith('["o"')) return null;
  const [, bootMs, tokens, id, startedAt] = openHead.exec(text) ?? [];
  if (id === undefined) {
    const entry = decodeEntry(text);
    return entry?.kind === "open" ? { ...entry, ...entry.row } : null;
  }
  return {
    id,
    bootMs: Number(bootMs),
    tokens: Number(tokens),
    startedAt: Number(startedAt),
  };
}

/** What a row entry says of whom its call is charged to. */
export interface RowHead {
  readonly id: string;
  /** The same text for all calls of the same key, team and route; null where the entry has to be decoded. */
  readonly payer: string | null;
  readonly costNanoUsd: number;
}

const text = '"[^"\\\\]*"';
const textOrNull = `(?:null|${text})`;
const rowHead = new RegExp(
  `^\\["r",\\["([^"\\\\]*)",[\\d.]+,(?:null|[\\d.]+),[\\d.]+,${text},\\d+,${textOrNull},(${text}),${text},` +
    `(${textOrNull},${textOrNull}),${textOrNull},${textOrNull},${textOrNull},(null|\\d+),`,
);

/** The beginning of a row entry, likewise. */
export function rowHeadOf(text: string): RowHead | null {
  if (!text.startsWith('["r"')) return null;
  const [, id, route, payer, cost] = rowHead.exec(text) ?? [];
  if (id !== undefined && text.endsWith("],[]]")) {
    return {
      id,
      payer: `${payer} ${route}`,
      costNanoUsd: cost === "null" ? 0 : Number(cost),
    };
  }
  const entry = decodeEntry(text);
  if (entry?.kind !== "row") return null;
  return {
    id: entry.row.id,
    payer: null,
    costNanoUsd: entry.row.costNanoUsd ?? 0,
  };
}
