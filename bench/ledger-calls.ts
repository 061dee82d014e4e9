import type { CallRow } from "../src/core/types.ts";

/** A year's calls, made up: how many, by how many keys, from when on. */
export interface Calls {
  readonly rows: number;
  readonly keys: number;
  /** Epoch milliseconds. */
  readonly since: number;
  readonly until: number;
}

/**
 * Busy keys and quiet ones, each with one to three routes and models; two calls of a hundred failed, costs from a
 * tenth of a cent to ten dollars, one call of fifty with a tag, one of ten thousand with one that is rare.
 */
export function madeUpCall({ rows, keys, since, until }: Calls, index: number): CallRow {
  const startedAt = since + Math.floor(((until - since) / rows) * index);
  const key = Math.floor(Math.random() ** 2 * keys);
  const failed = Math.random() < 0.02;
  const route = (key + Math.floor(Math.random() * (1 + (key % 3)))) % 20;
  const model = (key + Math.floor(Math.random() * (1 + ((key >> 2) % 3)))) % 7;
  const firstByteMs = 40 + Math.random() * 400;
  const input = Math.floor(Math.random() * 4_000);
  return {
    id: Bun.randomUUIDv7("hex", startedAt),
    startedAt,
    firstByteMs: failed ? null : firstByteMs,
    durationMs: firstByteMs + Math.random() * 9_000,
    method: "POST",
    status: failed ? (index % 997 === 0 ? 418 : 502) : 200,
    error: failed ? "upstream_unreachable" : null,
    route: `route-${route}`,
    target: `https://api-${route}.example.com/v1/chat/completions`,
    keyId: keyIdOf(key),
    teamId: `team-${key % 25}`,
    userId: `user-${key}`,
    endUser: index % 4 === 0 ? `customer ${Math.floor(Math.random() * 200)}` : null,
    model: `model-${model}`,
    costNanoUsd: failed ? null : Math.round(10 ** (6 + Math.random() * 4)),
    estimated: false,
    bytesIn: 1_024,
    bytesOut: 4_096,
    tags: index % 10_000 === 7 ? ["rare"] : index % 50 === 0 ? ["nightly"] : [],
    metadata: null,
    provider: failed ? null : "openai",
    usage: failed ? null : { input, output: 300, ...(index % 3 === 0 ? { cached: 1_024 } : {}) },
    unpriced: failed ? "no_reply" : null,
    overheadMs: failed ? null : 0.2 + Math.random(),
    isStream: index % 2 === 0,
    userAgent: "OpenAI/Python 1.99.0",
    isKept: true,
  };
}

export function keyIdOf(key: number): string {
  return Bun.hash(String(key)).toString(16).padStart(16, "0").repeat(2);
}

/** Likewise, as a gateway that is busy has them: 2,000 calls a second of 100 keys, on three routes and three models. */
export function liveCall(index: number): CallRow {
  const startedAt = Date.UTC(2026, 10, 20) + Math.floor(index / 2);
  const calls = { rows: 1, keys: 100, since: startedAt, until: startedAt };
  const row = madeUpCall(calls, index);
  const key = Number(row.userId?.slice("user-".length));
  return {
    ...row,
    route: `route-${key % 3}`,
    target: `https://api-${key % 3}.example.com/v1/chat/completions`,
    model: `model-${(key >> 2) % 3}`,
    endUser: null,
  };
}
