import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { OpenEntry, RowEntry } from "../../src/core/journal.ts";
import type { KeyRecord, TeamRecord } from "../../src/core/key-record.ts";
import { type Limits, type ModelLimits, noLimits } from "../../src/core/limits.ts";
import type { CallRow } from "../../src/core/types.ts";
import { bootMs } from "../../src/ledger/boot-clock.ts";
import { keyRecord, teamRecord } from "../core/calls.ts";

export interface Folder extends Disposable {
  readonly path: string;
}

/** A directory that goes with the test. */
export function tempFolder(): Folder {
  const path = mkdtempSync(join(tmpdir(), "tollgate-ledger-"));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
}

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A whole number from `from` to `to`, both included. */
export function between(random: () => number, from: number, to: number): number {
  return from + Math.floor(random() * (to - from + 1));
}

/** Limits of which a test names those that it is about. */
export function limits(parts: Partial<Limits>): Limits {
  return { ...noLimits, ...parts };
}

/** A budget without a period, in nano-dollars. */
export function budget(maxNanoUsd: number): Pick<Limits, "budget"> {
  return { budget: { maxNanoUsd, period: null } };
}

export function modelLimits(parts: Partial<ModelLimits>): ModelLimits {
  return { rpm: {}, tpm: {}, budgets: {}, ...parts };
}

export function key(id: string, parts: Partial<KeyRecord> = {}): KeyRecord {
  return keyRecord({ id, digest: `digest of ${id}`, name: `sk-...${id}`, ...parts });
}

export function team(id: string, parts: Partial<TeamRecord> = {}): TeamRecord {
  return teamRecord({ id, ...parts });
}

export function callRow(id: string, parts: Partial<CallRow> = {}): CallRow {
  return {
    id,
    startedAt: Date.now(),
    firstByteMs: 1.5,
    durationMs: 12.25,
    method: "POST",
    status: 200,
    error: null,
    route: "/search",
    target: "https://api.example.com/search",
    keyId: null,
    teamId: null,
    userId: null,
    endUser: null,
    model: null,
    costNanoUsd: null,
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

/** A call that is about to be sent, now. */
export function openEntry(row: CallRow, parts: Partial<OpenEntry> = {}): OpenEntry {
  return { kind: "open", row, bootMs: bootMs(), tokens: 0, modelScopes: [], ...parts };
}

export function rowEntry(row: CallRow, modelScopes: readonly string[] = []): RowEntry {
  return { kind: "row", row, modelScopes };
}
