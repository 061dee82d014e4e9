import type { LoggedCall } from "../../src/core/body-log.ts";
import type { BodyLogging } from "../../src/core/routes.ts";
import type { CallRecord } from "../../src/core/types.ts";
import type { BodyLogWork } from "../../src/log-work.ts";

/** A call like any other, with what a test is about. */
export function loggedCall(parts: Partial<LoggedCall> = {}): LoggedCall {
  return {
    id: Bun.randomUUIDv7(),
    method: "POST",
    path: "/v1/chat/completions",
    query: "",
    headers: { "content-type": "application/json" },
    ...parts,
  };
}

export function callRecord(id: string): CallRecord {
  return {
    id,
    route: null,
    principal: null,
    notes: { tags: [], endUser: null, metadata: null, userAgent: null },
    method: "POST",
    status: 200,
    error: null,
    model: null,
    provider: null,
    usage: null,
    costNanoUsd: null,
    unpriced: null,
    estimated: false,
    isStream: false,
    startedAt: 0,
    firstByteMs: null,
    durationMs: 1,
    overheadMs: null,
    bytesIn: 0,
    bytesOut: 0,
  };
}

export const all: BodyLogging = { maxBytes: 65_536, share: 1 };

export interface Exchange {
  readonly call?: Partial<LoggedCall>;
  readonly logging?: BodyLogging;
  readonly request?: string | Uint8Array;
  readonly reply?: string | Uint8Array;
  readonly replyHeaders?: Record<string, string>;
}

/** Takes one call through the log; its id, or null where the log did not want it. */
export function logCall(log: Pick<BodyLogWork, "open">, exchange: Exchange): string | null {
  const call = loggedCall(exchange.call);
  const copy = log.open(call, exchange.logging ?? all);
  if (copy === null) return null;
  copy.request(bytesOf(exchange.request ?? ""));
  copy.replyHead(200, new Headers(exchange.replyHeaders ?? { "content-type": "text/plain" }));
  copy.reply(bytesOf(exchange.reply ?? ""));
  copy.finish(callRecord(call.id));
  return call.id;
}

function bytesOf(body: string | Uint8Array): Uint8Array {
  return typeof body === "string" ? new TextEncoder().encode(body) : body;
}
