import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { JournalEntry } from "../src/core/journal.ts";
import type { CallRow } from "../src/core/types.ts";
import { encodeEntry, putRecord, roomFor } from "../src/ledger/format.ts";
import { nextSegment } from "../src/ledger/segments.ts";
import { callNanoUsd } from "./gateways.ts";

/** As the process does that writes them. */
const segmentBytes = 16 * 1024 * 1024;

/** All calls began within so long before now, the last one now: rates count them too. */
const spanMs = 30_000;

export interface JournalOrder {
  readonly keyIds: readonly string[];
  readonly calls: number;
  /** Of the calls, the last ones, which have no row. */
  readonly open: number;
}

/** Leaves a journal in a data directory as a killed process does: each call's open record, and behind it its row. */
export function fillJournal(dataDirectory: string, order: JournalOrder): void {
  const folder = join(dataDirectory, "journal");
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const buffer = Buffer.allocUnsafe(segmentBytes + 64 * 1024);
  let used = 0;
  const flush = () => {
    const { path } = nextSegment(folder, deadOwner);
    writeFileSync(path, buffer.subarray(0, used), { mode: 0o600 });
    used = 0;
  };
  for (const entry of entries(order)) {
    const text = encodeEntry(entry);
    if (used + roomFor(text) > buffer.length) flush();
    used = putRecord(buffer, used, text);
    if (used > segmentBytes) flush();
  }
  if (used > 0) flush();
}

/** This process's pid with another start than its own: it is not there, and never will be. */
const deadOwner = `${process.pid}-1`;

function* entries({ keyIds, calls, open }: JournalOrder): Generator<JournalEntry> {
  const underWay = 32; // so many opens stand before the row of the first
  const now = Date.now();
  const uptimeMs = Number.parseFloat(readFileSync("/proc/uptime", "utf8")) * 1_000;
  for (let at = 0; at < calls + underWay; at++) {
    const age = spanMs * (1 - at / calls);
    if (at < calls) {
      const row = rowOf(at, keyIds, now - Math.floor(age));
      yield { kind: "open", row: opened(row), bootMs: uptimeMs - age, tokens: 0, modelScopes: [] };
    }
    const ended = at - underWay;
    if (ended < 0 || ended >= calls - open) continue;
    const startedAt = now - Math.floor(spanMs * (1 - ended / calls));
    yield { kind: "row", row: rowOf(ended, keyIds, startedAt), modelScopes: [] };
  }
}

function opened(row: CallRow): CallRow {
  const nothingYet = { firstByteMs: null, durationMs: 0, bytesIn: 0, bytesOut: 0 };
  return { ...row, ...nothingYet, status: 0, error: "lost", estimated: true };
}

function rowOf(at: number, keyIds: readonly string[], startedAt: number): CallRow {
  return {
    id: `019a0000-0000-7000-8000-${at.toString(16).padStart(12, "0")}`,
    startedAt,
    firstByteMs: 1.25,
    durationMs: 1.875,
    method: "POST",
    status: 200,
    error: null,
    route: "/pt",
    target: "http://127.0.0.1/pt",
    keyId: keyIds[at % keyIds.length] ?? null,
    teamId: null,
    userId: null,
    endUser: null,
    model: null,
    costNanoUsd: callNanoUsd,
    estimated: false,
    bytesIn: 1_024,
    bytesOut: 1_024,
    tags: [],
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
