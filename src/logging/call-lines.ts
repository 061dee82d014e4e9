import { STATUS_CODES } from "node:http";
import type { GatewayError } from "../core/errors.ts";
import type { CallTrace } from "../core/types.ts";
import type { CallLog } from "../gateway/record.ts";
import { causeText } from "./cause-text.ts";
import type { Log } from "./log.ts";

/** One line for each call; with `detailed`, also which route matched, the header names both ways, and an access line. */
export function callLines(log: Log, detailed: boolean): CallLog {
  return {
    finished: (record) => {
      const { error } = record;
      const fields = {
        id: record.id,
        route: record.route,
        method: record.method,
        status: record.status,
        first_byte_ms: rounded(record.firstByteMs),
        duration_ms: rounded(record.durationMs),
        overhead_ms: rounded(record.overheadMs),
        bytes_in: record.bytesIn,
        bytes_out: record.bytesOut,
        error: error?.code ?? null,
      };
      if (error === null || error.fault === "client") log.info("call", fields);
      else if (error.fault === "upstream") log.warn("call", { ...fields, ...causeOf(error) });
      else log.error("call", { ...fields, ...causeOf(error) });
    },
    trace: detailed ? (trace) => logTrace(log, trace) : null,
  };
}

function logTrace(log: Log, { call, match, sent, upstream }: CallTrace): void {
  const { route, subpath } = match;
  const { status } = upstream;
  log.debug("matched", {
    id: call.id,
    route: route.id,
    target: route.label,
    why: subpath === "" ? "the path itself" : "a path below it (include_subpath)",
    client_headers: Object.keys(call.headers),
    sent_headers: Object.keys(sent),
    reply_headers: [...upstream.headers.keys()],
  });
  const line = `"${call.method} ${call.path} HTTP/1.1" ${status} ${STATUS_CODES[status] ?? ""}`;
  log.debug("access", { message: `${call.entrance.addressOf(call.request)} - ${line}`.trimEnd() });
}

/** Of a cause only what is ours: the class and code of an upstream's failure, the stack of our own. */
function causeOf({ cause, fault }: GatewayError): { readonly cause?: string } {
  if (!(cause instanceof Error)) return {};
  return { cause: fault === "gateway" ? causeText(cause) : cause.message };
}

function rounded(ms: number | null): number | null {
  return ms === null ? null : Math.round(ms * 1000) / 1000;
}
