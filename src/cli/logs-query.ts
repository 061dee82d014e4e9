import { after, parseDuration } from "../core/duration.ts";
import { type Flag, UsageError } from "./options.ts";

/** Which calls. Those whose value goes to the admin API as it is have its parameter's name beside them. */
export const filterFlags: readonly Flag[] = [
  { name: "route", value: "id", about: "Only calls of this route." },
  { name: "key", value: "key", about: "Of this key: its alias, its id, or the key itself." },
  { name: "team", value: "id", about: "Of this team." },
  { name: "model", value: "name", about: "Of this model." },
  { name: "provider", value: "name", about: "Answered in this provider's format: openai." },
  { name: "status", value: "status", about: "ok, failed, or statuses: 500, 5xx, 404,5xx." },
  { name: "tag", value: "tag", about: "With this tag." },
  { name: "since", value: "time", about: "Since 30m, 12h, 7d ago, or a date: 2026-11-21 (UTC)." },
  { name: "min-cost", value: "usd", about: "That cost so much or more." },
  { name: "min-duration", value: "ms", about: "That took so long or longer." },
  { name: "search", value: "words", about: "With these words in a logged body." },
];

/** Flag, and the parameter that takes its value as it is. */
const plain = [
  ["route", "route"],
  ["team", "team_id"],
  ["model", "model"],
  ["provider", "provider"],
  ["tag", "tag"],
  ["min-cost", "min_spend"],
  ["min-duration", "min_duration_ms"],
  ["search", "search"],
] as const;

/** The parameters of `/spend/logs/v2` that a command line means. Throws a `UsageError`. */
export function logsQuery(
  values: ReadonlyMap<string, string>,
  now: number,
): Readonly<Record<string, string>> {
  const query: Record<string, string> = {};
  for (const [flag, parameter] of plain) {
    const value = values.get(flag);
    if (value !== undefined) query[parameter] = value;
  }
  const [key, status, since] = [values.get("key"), values.get("status"), values.get("since")];
  if (key !== undefined) query[isReference(key) ? "api_key" : "key_alias"] = key;
  if (status !== undefined) Object.assign(query, statusQuery(status));
  if (since !== undefined) query["start_date"] = startOf(since, now);
  return query;
}

/** A key, an id of one, or what stands in for the master key's; everything else is an alias. */
function isReference(key: string): boolean {
  return (
    key === "master" || /^(?:sk-.*|[\da-f]{64}|[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12})$/.test(key)
  );
}

function statusQuery(status: string): Readonly<Record<string, string>> {
  if (status === "failed" || status === "failure") return { status_filter: "failure" };
  if (status === "ok" || status === "success") return { status_filter: "success" };
  if (/^\d(?:\d\d|xx)(?:,\d(?:\d\d|xx))*$/.test(status)) return { http_status: status };
  throw new UsageError("--status is ok, failed, or statuses such as 500, 5xx or 404,5xx.");
}

function startOf(since: string, now: number): string {
  const duration = parseDuration(since);
  if (duration === null) return since; // a date: the gateway knows which ones there are
  const length = after(duration, now) - now;
  return new Date(now - length).toISOString();
}
