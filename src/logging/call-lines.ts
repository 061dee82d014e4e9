import type { GatewayError } from "../core/errors.ts";
import type { Principal } from "../core/key-record.ts";
import { usdOfNano } from "../core/money.ts";
import type { RouteMatch } from "../core/routes.ts";
import { pathOf } from "../gateway/parse-target.ts";
import type { CallLog, CallTrace } from "../gateway/record.ts";
import { causeText } from "./cause-text.ts";
import type { Log } from "./log.ts";

/** One line for each call; with `detailed`, also which route matched, the header names both ways, and an access line. */
export function callLines(log: Log, detailed: boolean): CallLog {
  return {
    finished: (record) => {
      const { error } = record;
      const fields = {
        id: record.id,
        route: record.route === null ? null : record.route.id,
        key: keyOf(record.principal),
        method: record.method,
        status: record.status,
        first_byte_ms: rounded(record.firstByteMs),
        duration_ms: rounded(record.durationMs),
        overhead_ms: rounded(record.overheadMs),
        bytes_in: record.bytesIn,
        bytes_out: record.bytesOut,
        model: record.model,
        tokens_in: record.usage?.input ?? null,
        tokens_out: record.usage?.output ?? null,
        cost_usd: record.costNanoUsd === null ? null : usdOfNano(record.costNanoUsd),
        unpriced: record.unpriced,
        error: error?.code ?? null,
      };
      if (error === null) log.info("call", fields);
      else if (error.code === "key_invalid") log.info("call", { ...fields, ...causeOf(error) });
      else if (error.fault === "client") log.info("call", fields);
      else if (error.fault === "upstream") log.warn("call", { ...fields, ...causeOf(error) });
      else log.error("call", { ...fields, ...causeOf(error) });
    },
    usageInvalid: ({ id, route, costNanoUsd }) =>
      log.error("usage_invalid", {
        id,
        route: route?.id ?? null,
        cost_usd: costNanoUsd === null ? null : usdOfNano(costNanoUsd),
        message: "the upstream told counts or costs that cannot be: they are not believed",
      }),
    trace: detailed ? tracer(log) : null,
  };
}

/** By its id: the key itself is nobody's to read. */
function keyOf(principal: Principal | null): string | null {
  if (principal === null || principal.kind === "anonymous") return null;
  return principal.kind === "master" ? "master" : principal.key.id;
}

function tracer(log: Log): CallTrace {
  const { STATUS_CODES } = process.getBuiltinModule("node:http"); // 2 MB that nobody else needs
  return {
    matched: ({ id, headers }, match) =>
      log.debug("matched", {
        id,
        route: match.route.id,
        target: match.route.label,
        why: reasonOf(match),
        client_headers: Object.keys(headers),
      }),
    sending: () => {},
    exchanged: ({ id }, sent, { headers }) =>
      log.debug("exchanged", {
        id,
        sent_headers: Object.keys(sent.headers),
        reply_headers: [...headers.keys()],
      }),
    answered: (id, request, entrance, status) => {
      const asked = `${request.method} ${pathOf(request.url)} HTTP/1.1`;
      const message = `${entrance.addressOf(request)} - "${asked}" ${status} ${STATUS_CODES[status] ?? ""}`;
      log.debug("access", { id, message: message.trimEnd() });
    },
  };
}

/** Why this route and no other: the longest path wins, then the route that names the method. */
function reasonOf({ route, subpath }: RouteMatch): string {
  const path =
    subpath === ""
      ? `${route.path} is the path itself`
      : `${route.path} is the longest path above it (include_subpath)`;
  return route.methods === null ? path : `${path}, and names the method`;
}

/** Of a cause only what is ours: why a key is not valid, the code of an upstream's failure, the stack of our own. */
function causeOf({ cause, fault }: GatewayError): { readonly cause?: string } {
  if (!(cause instanceof Error)) return {};
  return { cause: fault === "gateway" ? causeText(cause) : cause.message };
}

function rounded(ms: number | null): number | null {
  return ms === null ? null : Math.round(ms * 1000) / 1000;
}
