import type { RowEntry } from "../../src/core/journal.ts";
import type { CallRow } from "../../src/core/types.ts";
import type { Usage } from "../../src/core/usage.ts";
import { encodeEntry, putRecord, roomFor } from "../../src/ledger/format.ts";
import type { JournalEntry } from "../../src/core/journal.ts";

/** 2026-11-20, midnight. */
export const someDay = Date.UTC(2026, 10, 20);

/** A call like any other, with what a test is about. */
export function callRow(parts: Partial<CallRow> = {}): CallRow {
  const startedAt = parts.startedAt ?? someDay;
  return {
    id: Bun.randomUUIDv7("hex", startedAt),
    startedAt,
    firstByteMs: 12.5,
    durationMs: 34,
    method: "POST",
    status: 200,
    error: null,
    route: "chat",
    target: "https://api.example.com/v1/chat",
    keyId: "key-1",
    teamId: "team-1",
    userId: null,
    endUser: null,
    model: null,
    costNanoUsd: 1_000,
    estimated: false,
    bytesIn: 10,
    bytesOut: 20,
    tags: [],
    metadata: null,
    provider: null,
    usage: null,
    unpriced: null,
    overheadMs: null,
    isStream: false,
    userAgent: null,
    isKept: true,
    ...parts,
  };
}

export function rowEntry(
  parts: Partial<CallRow> = {},
  modelScopes: readonly string[] = [],
): RowEntry {
  return { kind: "row", row: callRow(parts), modelScopes };
}

/** A generator that gives the same numbers each time. */
export function dice(seed: number): (sides: number) => number {
  let state = seed;
  return (sides) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((state / 2_147_483_648) * sides);
  };
}

const usages: readonly (Usage | null)[] = [
  null,
  {},
  { output: 0 },
  { input: 12 },
  { input: 100, output: 20, cached: 50 },
  { pages: 3 },
  { input: 0, output: 7, seconds: 1.5 },
];

/** Calls of all kinds over four days, no two at the same time. */
export function manyRows(count: number): CallRow[] {
  const roll = dice(7);
  const pick = <One>(...ones: readonly One[]): One | undefined => ones[roll(ones.length)];
  return Array.from({ length: count }, (_, index) => {
    const startedAt = someDay + Math.floor((index * 4 * 86_400_000) / count);
    const error = pick(null, null, null, "upstream_timeout", "rate_limited") ?? null;
    return callRow({
      startedAt,
      durationMs: roll(5_000) + index / count,
      status: error === null ? (pick(200, 200, 404) ?? 200) : error === "rate_limited" ? 429 : 504,
      error,
      route: pick("chat", "rerank", "files") ?? "chat",
      keyId: pick("key-1", "key-2", "key-3", "master", null) ?? null,
      teamId: pick("team-1", "team-2", null) ?? null,
      userId: pick("ann", "bob", null) ?? null,
      endUser: pick("customer 1", "customer 2", null) ?? null,
      model: pick("gpt-4o", "command-r", null) ?? null,
      costNanoUsd: pick(null, 0, roll(9) * 1_000, roll(1_000_000)) ?? null,
      estimated: roll(10) === 0,
      tags: pick<readonly string[]>([], ["a"], ["a", "b"], ["c'\"%"]) ?? [],
      metadata: pick(null, '{"x":1}') ?? null,
      firstByteMs: pick(null, roll(900) / 2) ?? null,
      overheadMs: pick(null, roll(300) / 100) ?? null,
      provider: pick("openai", "cohere", null) ?? null,
      usage: pick<Usage | null>(...usages, { input: roll(5_000), output: roll(900) }) ?? null,
      unpriced: pick("no_usage", null) ?? null,
      isStream: roll(2) === 0,
      userAgent: pick("curl/8", null) ?? null,
    });
  });
}

/** A journal's segment. */
export function segmentBytes(entries: readonly JournalEntry[]): Buffer {
  const texts = entries.map(encodeEntry);
  const buffer = Buffer.alloc(texts.reduce((total, text) => total + roomFor(text), 0));
  let offset = 0;
  for (const text of texts) offset = putRecord(buffer, offset, text);
  return buffer.subarray(0, offset);
}
