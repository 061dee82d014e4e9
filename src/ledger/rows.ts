import type { Principal } from "../core/key-record.ts";
import type { Need } from "../core/ledger.ts";
import type { NanoUsd } from "../core/money.ts";
import type { Route } from "../core/routes.ts";
import type { CallNotes, CallRecord, CallRow } from "../core/types.ts";

/** What stands for the master key where a key's id would. */
export const masterKeyId = "master";

/** The row of a call that ended. */
export function rowOf(record: CallRecord): CallRow {
  const { route, principal, notes, error } = record;
  return {
    id: record.id,
    startedAt: record.startedAt,
    firstByteMs: rounded(record.firstByteMs),
    durationMs: rounded(record.durationMs) ?? 0,
    method: record.method,
    status: record.status,
    error: error === null ? null : error.code,
    route: route === null ? "" : route.id,
    target: route === null ? "" : route.label,
    keyId: keyIdOf(principal),
    teamId: principal?.kind === "key" ? principal.key.teamId : null,
    userId: principal?.kind === "key" ? principal.key.userId : null,
    endUser: notes.endUser,
    model: record.model,
    costNanoUsd: record.costNanoUsd,
    estimated: record.estimated,
    bytesIn: record.bytesIn,
    bytesOut: record.bytesOut,
    tags: notes.tags,
    metadata: notes.metadata,
    provider: record.provider,
    usage: record.usage,
    unpriced: record.unpriced,
    overheadMs: rounded(record.overheadMs),
    isStream: record.isStream,
    userAgent: notes.userAgent,
    isKept: route === null || route.keepsRows,
  };
}

/**
 * The row of a call that was refused before its open record was written. Of what the caller says, tags and metadata
 * are left out: refusals are free, and would fill the disk.
 */
export function refusedRowOf(record: CallRecord): CallRow {
  return { ...rowOf(record), tags: ownTags(record.principal), metadata: null };
}

function ownTags(principal: Principal | null): readonly string[] {
  if (principal?.kind !== "key") return [];
  const { key, team } = principal;
  return team === null ? key.tags : [...new Set([...key.tags, ...team.tags])];
}

/** The row of a call that is about to be sent; should nobody see it end, this is what is booked. */
export function openRow(
  need: Need,
  { principal, route, notes }: { principal: Principal; route: Route; notes: CallNotes },
  costNanoUsd: NanoUsd | null,
): CallRow {
  return {
    id: need.callId,
    startedAt: need.startedAt,
    firstByteMs: null,
    durationMs: 0,
    method: need.method,
    status: 0,
    error: "lost",
    route: route.id,
    target: route.label,
    keyId: keyIdOf(principal),
    teamId: principal.kind === "key" ? principal.key.teamId : null,
    userId: principal.kind === "key" ? principal.key.userId : null,
    endUser: notes.endUser,
    model: need.model,
    costNanoUsd,
    estimated: true,
    bytesIn: 0,
    bytesOut: 0,
    tags: notes.tags,
    metadata: notes.metadata,
    provider: null,
    usage: null,
    unpriced: costNanoUsd === null ? "no_reply" : null,
    overheadMs: null,
    isStream: false,
    userAgent: notes.userAgent,
    isKept: route.keepsRows,
  };
}

function keyIdOf(principal: Principal | null): string | null {
  if (principal === null || principal.kind === "anonymous") return null;
  return principal.kind === "master" ? masterKeyId : principal.key.id;
}

function rounded(ms: number | null): number | null {
  return ms === null ? null : Math.round(ms * 1000) / 1000;
}
