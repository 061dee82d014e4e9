import type { EndpointReply } from "../../replies.ts";
import {
  authText,
  methodsText,
  offText,
  type Owner,
  ownerOf,
  ownerText,
  shownPath,
} from "../../endpoint.ts";

/** What was called of a route, by `GET /routes/activity`. */
export interface RouteActivity {
  readonly id: string;
  readonly calls: number;
  readonly failed: number;
  readonly unpriced: number;
  readonly spend: number | null;
  readonly p95_ms: number | null;
  /** Calls in each of the last 24 hours, the oldest first. */
  readonly hours: readonly number[];
  /** Where the first of them begins. */
  readonly hour_start: string | number;
}

/** A line of the list. */
export interface RouteRow {
  readonly id: string;
  readonly path: string;
  /** `/bria/…` where what is below is served too. */
  readonly shownPath: string;
  readonly target: string;
  readonly methods: string;
  readonly auth: string;
  readonly isOpen: boolean;
  readonly owner: Owner;
  readonly ownerText: string;
  readonly off: string | null;
  /** Null while it is not known. */
  readonly activity: RouteActivity | null;
}

/** The endpoints with what was called of each; `activity` undefined: not known yet, or not at all. */
export function rowsOf(
  endpoints: readonly EndpointReply[],
  activity: readonly RouteActivity[] | undefined,
): RouteRow[] {
  const byId = new Map(activity?.map((one) => [one.id, one]));
  return endpoints.map((endpoint) => rowOf(endpoint, byId.get(endpoint.id) ?? null));
}

function rowOf(endpoint: EndpointReply, activity: RouteActivity | null): RouteRow {
  const { id, path, target } = endpoint;
  const owner = ownerOf(endpoint);
  return {
    id,
    path,
    shownPath: shownPath(endpoint),
    target,
    methods: methodsText(endpoint.methods),
    auth: authText(endpoint.auth),
    isOpen: endpoint.auth === false,
    owner,
    ownerText: ownerText(owner),
    off: offText(endpoint),
    activity,
  };
}

/** Rows in which every word stands, in path, target, id or owner. */
export function found(rows: readonly RouteRow[], text: string): readonly RouteRow[] {
  const words = text
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== "");
  if (words.length === 0) return rows;
  return rows.filter(({ id, path, target, ownerText: owner }) => {
    const all = `${path}\n${target}\n${id}\n${owner}`.toLowerCase();
    return words.every((word) => all.includes(word));
  });
}

/**
 * The picture of 24 hours in words. It is of calls that the upstream answered or let wait until the deadline: hours are
 * known of no others, and the sums beside it have those too that were refused.
 */
export function hoursText(hours: readonly number[], total: (count: number) => string): string {
  const sum = hours.reduce((all, one) => all + one, 0);
  if (sum === 0) return "No answered calls in the last 24 hours";
  const most = Math.max(...hours);
  const word = sum === 1 ? "call" : "calls";
  return `${total(sum)} answered ${word} in the last 24 hours, at most ${total(most)} in one of them`;
}
