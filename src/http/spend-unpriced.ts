import { type Static, Type } from "@sinclair/typebox";
import type { CallFilter, SpendReader } from "../core/spend.ts";
import type { CallRow } from "../core/types.ts";
import { nullable, Time, timeText } from "./payer-shape.ts";

/** So many of the newest calls are looked at: reasons stand in the rows, and in no sum. */
const lookedAt = 2_000;

/** Calls without a price, put together by why. */
export const UnpricedCalls = Type.Object({
  route: Type.String(),
  model: nullable(Type.String()),
  reason: nullable(
    Type.String({ description: "no_usage, no_model, no_price, unparsed or no_reply." }),
  ),
  calls: Type.Integer({ description: "Calls whose cost is not known." }),
  held: Type.Integer({ description: "Further calls for which what was on hold was booked." }),
  last_request_id: Type.String(),
  last_at: Time,
});
export type UnpricedCalls = Static<typeof UnpricedCalls>;

export const UnpricedReply = Type.Object({
  looked_at: Type.Integer({ description: `The newest calls, ${lookedAt} at most.` }),
  total: Type.Integer({
    description: "Calls that there are; at least so many, where they are a lot.",
  }),
  unpriced: Type.Array(UnpricedCalls),
});
export type UnpricedReply = Static<typeof UnpricedReply>;

/** Why the newest calls of a time have no price: by route, model and reason, the most frequent first. */
export async function unpricedCalls(
  reader: SpendReader,
  filter: Pick<CallFilter, "since" | "until" | "route">,
): Promise<UnpricedReply> {
  const newest = { by: "startedAt", descending: true } as const;
  const { items, total } = await reader.rows(filter, newest, { page: 1, size: lookedAt });
  const groups = Map.groupBy(items.filter(isUnpriced), ({ route, model, unpriced }) =>
    JSON.stringify([route, model, unpriced]),
  );
  const unpriced = [...groups.values()].flatMap(putTogether);
  return {
    looked_at: items.length,
    total,
    unpriced: unpriced.sort((a, b) => b.calls + b.held - a.calls - a.held),
  };
}

function isUnpriced({ costNanoUsd, unpriced }: CallRow): boolean {
  return costNanoUsd === null || unpriced !== null;
}

function putTogether(rows: readonly CallRow[]): UnpricedCalls[] {
  const [last] = rows;
  if (last === undefined) return [];
  const calls = rows.filter(({ costNanoUsd }) => costNanoUsd === null).length;
  return [
    {
      route: last.route,
      model: last.model,
      reason: last.unpriced,
      calls,
      held: rows.length - calls,
      last_request_id: last.id,
      last_at: timeText(last.startedAt),
    },
  ];
}
