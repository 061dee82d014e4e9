import { type Static, Type } from "@sinclair/typebox";
import { Value } from "@sinclair/typebox/value";
import type { ControlReply } from "../control.ts";
import { checked, unexpected } from "./keys-admin.ts";

const OptionalText = Type.Optional(Type.Union([Type.String(), Type.Null()]));
const OptionalNumber = Type.Optional(Type.Union([Type.Number(), Type.Null()]));

/** One call of `/spend/logs/v2`, as far as the table tells of it. */
export const ListedCall = Type.Object({
  request_id: Type.String(),
  startTime: Type.String(),
  request_duration_ms: Type.Number(),
  http_status: Type.Number(),
  route: Type.String(),
  model: OptionalText,
  model_group: OptionalText,
  api_key: OptionalText,
  prompt_tokens: OptionalNumber,
  completion_tokens: OptionalNumber,
  spend: OptionalNumber,
  unpriced: OptionalText,
  estimated: Type.Optional(Type.Boolean()),
  metadata: Type.Optional(
    Type.Object({
      user_api_key_alias: OptionalText,
      error_information: Type.Optional(
        Type.Union([Type.Object({ error_class: OptionalText }), Type.Null()]),
      ),
    }),
  ),
});
export type ListedCall = Static<typeof ListedCall>;

const CallPage = Type.Object({ data: Type.Array(ListedCall), total_pages: Type.Number() });

const path = "/spend/logs/v2";

/** Calls of one page at most. */
const pageSize = 100;

/** Asks the admin API. */
export type Ask = (method: string, path: string) => Promise<ControlReply>;

/** The latest calls that a query means, `most` of them, the latest first. `hasMore`: there are others. */
export async function latestCalls(
  ask: Ask,
  query: Readonly<Record<string, string>>,
  most: number,
): Promise<{ readonly calls: readonly ListedCall[]; readonly hasMore: boolean }> {
  const calls = new Map<string, ListedCall>(); // calls that come meanwhile push others to the next page
  for (let page = 1; ; page += 1) {
    const size = String(Math.min(pageSize, most));
    const asked = new URLSearchParams({ ...query, page: String(page), page_size: size });
    const listed = checked(await ask("GET", `${path}?${asked}`));
    if (!Value.Check(CallPage, listed)) throw unexpected(path);
    for (const call of listed.data) if (calls.size < most) calls.set(call.request_id, call);
    const isLast = page >= listed.total_pages || listed.data.length === 0;
    if (isLast || calls.size >= most) return { calls: [...calls.values()], hasMore: !isLast };
  }
}
