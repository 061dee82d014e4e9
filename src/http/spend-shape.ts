import { type Static, Type } from "@sinclair/typebox";
import { writtenUsage } from "../config/unit-names.ts";
import type { KeyBook } from "../core/key-book.ts";
import { usdOfNano } from "../core/money.ts";
import type { CallRow } from "../core/types.ts";
import { tokensIn, type Usage } from "../core/usage.ts";
import { pastAlias } from "./past-alias.ts";
import { nullable, Time, timeText } from "./payer-shape.ts";

const NullableText = nullable(Type.String());
const NullableCount = nullable(Type.Integer());

/** A call in the words of `LiteLLM_SpendLogs`; `estimated` and what stands behind it is this gateway's own. */
export const LogShape = Type.Object({
  request_id: Type.String(),
  call_type: Type.String(),
  api_key: Type.String({ description: "The key's id; empty for callers without one." }),
  spend: nullable(Type.Number({ description: "USD; null is not known, not free." })),
  total_tokens: NullableCount,
  prompt_tokens: NullableCount,
  completion_tokens: NullableCount,
  startTime: Time,
  endTime: Time,
  completionStartTime: nullable(Time),
  request_duration_ms: Type.Number(),
  model: Type.String(),
  model_id: Type.String(),
  model_group: Type.String(),
  custom_llm_provider: NullableText,
  api_base: Type.String(),
  user: Type.String(),
  metadata: Type.Record(Type.String(), Type.Unknown()),
  cache_hit: Type.String(),
  cache_key: NullableText,
  request_tags: Type.Array(Type.String()),
  team_id: NullableText,
  end_user: NullableText,
  requester_ip_address: NullableText,
  messages: Type.Record(Type.String(), Type.Unknown()),
  response: Type.Record(Type.String(), Type.Unknown()),
  status: Type.String({ description: "success or failure" }),
  estimated: Type.Boolean({
    description: "The cost or some of the usage is an estimate, or what was held was booked.",
  }),
  route: Type.String(),
  method: Type.String(),
  http_status: Type.Integer(),
  bytes_in: Type.Integer(),
  bytes_out: Type.Integer(),
  provider: NullableText,
  usage: nullable(
    Type.Record(Type.String(), Type.Number(), {
      description: "Counts by unit (input, output, cached, pages, …); null is not known.",
    }),
  ),
  unpriced: nullable(
    Type.String({
      description: "Why spend is null, or what was held: no_usage, no_model, no_price, …",
    }),
  ),
  first_byte_ms: nullable(Type.Number({ description: "Until the reply's first byte." })),
  overhead_ms: nullable(Type.Number({ description: "Time spent in this gateway." })),
  stream: Type.Boolean(),
  user_agent: NullableText,
});
export type LogShape = Static<typeof LogShape>;

/** Calls as replies show them; keys and teams are looked up once for all of them. */
export function logShapes(rows: readonly CallRow[], book: KeyBook): LogShape[] {
  const keyAlias = memo((id) => aliasOf(book.key(id), () => pastAlias(book, "key", id)));
  const teamAlias = memo((id) => aliasOf(book.team(id), () => pastAlias(book, "team", id)));
  return rows.map((row) => logShape(row, { keyAlias, teamAlias }));
}

function aliasOf(
  present: { readonly alias: string | null } | null,
  past: () => string | null,
): string | null {
  return present === null ? past() : present.alias;
}

interface Aliases {
  readonly keyAlias: (id: string) => string | null;
  readonly teamAlias: (id: string) => string | null;
}

function logShape(row: CallRow, aliases: Aliases): LogShape {
  const model = row.model ?? "unknown";
  return {
    request_id: row.id,
    call_type: "pass_through_endpoint",
    api_key: row.keyId ?? "",
    spend: row.costNanoUsd === null ? null : usdOfNano(row.costNanoUsd),
    ...tokenCounts(row.usage),
    startTime: timeText(row.startedAt),
    endTime: timeText(row.startedAt + row.durationMs),
    completionStartTime:
      row.firstByteMs === null ? null : timeText(row.startedAt + row.firstByteMs),
    request_duration_ms: row.durationMs,
    model,
    model_id: "",
    model_group: row.model ?? "",
    custom_llm_provider: row.provider,
    api_base: row.target,
    user: row.userId ?? "",
    metadata: metadataOf(row, aliases),
    cache_hit: "False",
    cache_key: null,
    request_tags: [...row.tags],
    team_id: row.teamId,
    end_user: row.endUser,
    requester_ip_address: null,
    messages: {},
    response: {},
    status: isFailed(row) ? "failure" : "success",
    estimated: row.estimated,
    route: row.route,
    method: row.method,
    http_status: row.status,
    bytes_in: row.bytesIn,
    bytes_out: row.bytesOut,
    provider: row.provider,
    usage: row.usage === null ? null : writtenUsage(row.usage),
    unpriced: row.unpriced,
    first_byte_ms: row.firstByteMs,
    overhead_ms: row.overheadMs,
    stream: row.isStream,
    user_agent: row.userAgent,
  };
}

/** Null where nobody told. */
function tokenCounts(usage: Usage | null) {
  const { input = null, output = null } = usage ?? {};
  return {
    total_tokens: input === null && output === null ? null : tokensIn(usage ?? {}),
    prompt_tokens: input,
    completion_tokens: output,
  };
}

function metadataOf(row: CallRow, { keyAlias, teamAlias }: Aliases): Record<string, unknown> {
  const failed = isFailed(row);
  return {
    status: failed ? "failure" : "success",
    error_information: failed
      ? {
          error_code: String(row.status),
          error_class: row.error ?? "",
          llm_provider: row.provider ?? "",
        }
      : null,
    user_api_key: row.keyId ?? "",
    user_api_key_alias: row.keyId === null ? null : keyAlias(row.keyId),
    user_api_key_user_id: row.userId,
    user_api_key_team_id: row.teamId,
    user_api_key_team_alias: row.teamId === null ? null : teamAlias(row.teamId),
    spend_logs_metadata: row.metadata === null ? null : JSON.parse(row.metadata),
  };
}

function isFailed({ error, status }: CallRow): boolean {
  return error !== null || status >= 400;
}

/** Asks for each name once. */
export function memo<Value>(find: (name: string) => Value): (name: string) => Value {
  const known = new Map<string, Value>();
  return (name) => {
    const before = known.get(name);
    if (before !== undefined) return before;
    const value = find(name);
    known.set(name, value);
    return value;
  };
}
