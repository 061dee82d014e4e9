import type { LogReply } from "../../replies.ts";

/**
 * The live tail asks for what began since shortly before the newest call that is there: a few rows, however many the log
 * has, and nothing older is counted for the total. Calls that take longer than this show once they are done, with
 * the next look at the whole first page.
 */
const overlapMs = 20_000;
/** Between two looks at the newest calls, and at the whole first page. */
export const tailEveryMs = 2_000;
export const pageEveryMs = 30_000;

/** From when on to ask: ISO; null while nothing is there. `first`: the filter's own beginning. */
export function tailStart(rows: readonly LogReply[], first: string | null): string | null {
  const newest = rows.reduce((latest, { startTime }) => Math.max(latest, Date.parse(startTime)), 0);
  if (newest === 0) return first;
  const since = new Date(newest - overlapMs).toISOString();
  return first !== null && first > since ? first : since;
}

/** The newest calls of both, none twice, the later look's first. */
export function mergeTail(
  page: readonly LogReply[],
  tail: readonly LogReply[],
  most: number,
): readonly LogReply[] {
  const byId = new Map(page.map((call) => [call.request_id, call]));
  for (const call of tail) byId.set(call.request_id, call);
  return [...byId.values()].toSorted(newestFirst).slice(0, most);
}

function newestFirst(one: LogReply, other: LogReply): number {
  const byTime = Date.parse(other.startTime) - Date.parse(one.startTime);
  return byTime === 0 ? (other.request_id < one.request_id ? -1 : 1) : byTime;
}
