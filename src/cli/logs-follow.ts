import { type Ask, latestCalls, type ListedCall } from "./logs-calls.ts";

/**
 * Calls are listed once they have ended, but in the order of their start. So what has ended lately is looked for by
 * how long it took: the longer, the further back it may have begun, and the rarer it is.
 */
const spans = [
  { leastMs: 0, mostMs: 2_000, everyMs: 0 },
  { leastMs: 1_500, mostMs: 30_000, everyMs: 0 },
  { leastMs: 25_000, mostMs: 600_000, everyMs: 5_000 },
  { leastMs: 540_000, mostMs: 86_400_000, everyMs: 60_000 },
] as const;

/** A row may come so long after its call's end. */
const slackMs = 2_000;

/** Calls of one question at most: nobody reads more of them as they pass. */
const most = 1_000;

export interface News {
  /** In the order of their start. */
  readonly calls: readonly ListedCall[];
  /** There were more than are told. */
  readonly isCut: boolean;
}

/**
 * Tells of each call that ends after `from` (epoch milliseconds) once, `known` left out. What it gives asks for the
 * news; it rejects where it is not answered, and may be called again.
 */
export function follower(
  query: Readonly<Record<string, string>>,
  known: readonly ListedCall[],
  from: number,
): (ask: Ask, at: number) => Promise<News> {
  const told = new Map(known.map((call) => [call.request_id, endOf(call)]));
  const asked = spans.map(() => from);

  return async (ask, at) => {
    const fresh = new Map<string, ListedCall>();
    let isCut = false;
    for (const [index, { leastMs, mostMs, everyMs }] of spans.entries()) {
      const before = asked[index] ?? from;
      if (at - before < everyMs) continue;
      const since = before - slackMs;
      const isNew = (call: ListedCall) =>
        endOf(call) > Math.max(since, from) && !told.has(call.request_id);
      const wanted = within(query, since - mostMs, leastMs);
      const { calls, hasMore } = await latestCalls(ask, wanted, most);
      for (const call of calls.filter(isNew)) fresh.set(call.request_id, call);
      isCut ||= hasMore && calls.slice(-1).some(isNew);
      asked[index] = at;
    }
    for (const call of fresh.values()) told.set(call.request_id, endOf(call));
    const oldest = Math.min(...asked) - slackMs;
    for (const [id, endedAt] of told) if (endedAt < oldest) told.delete(id);
    return { calls: inOrder([...fresh.values()]), isCut };
  };
}

function endOf({ startTime, request_duration_ms }: ListedCall): number {
  return Date.parse(startTime) + request_duration_ms;
}

/** Of both beginnings the later, of both durations the longer. */
function within(query: Readonly<Record<string, string>>, since: number, leastMs: number) {
  const asked = query["start_date"];
  const isLater = asked !== undefined && Date.parse(asked) > since;
  const least = Math.max(leastMs, Number(query["min_duration_ms"] ?? 0));
  return {
    ...query,
    start_date: isLater ? asked : new Date(since).toISOString(),
    ...(least > 0 ? { min_duration_ms: String(least) } : {}),
  };
}

/** From the first to the latest. */
export function inOrder(calls: readonly ListedCall[]): ListedCall[] {
  const place = ({ startTime, request_id }: ListedCall) => `${startTime} ${request_id}`;
  return calls.toSorted((one, other) => (place(one) < place(other) ? -1 : 1));
}
