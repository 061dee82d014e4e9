import type { Days } from "../../utc-days.ts";
import type { Group } from "./query.ts";

/** What stands for calls without a name of this kind. */
const unnamed: Readonly<Record<Group, string>> = {
  route: "No route",
  api_key: "No key (open routes)",
  team: "No team",
  model: "No model named",
  tag: "No tag",
  user: "No user",
  customer: "No end user",
};

/** The API's word for the names that a day had no room for. */
const manyNames = "(other)";

/** Stands for the key's id in calls with the master key. */
const masterId = "master";

/** How a name is written: `label` for the reader, `detail` the id where the label is something else. */
export interface Naming {
  readonly label: string;
  readonly detail: string | null;
}

export function namingOf(group: Group, name: string, alias: string | null): Naming {
  if (name === "") return { label: unnamed[group], detail: null };
  if (name === manyNames) return { label: "Names beyond what a day holds", detail: null };
  if (group === "api_key" && name === masterId) return { label: "Master key", detail: null };
  if (alias === null || alias === name) return { label: name, detail: null };
  return { label: alias, detail: name };
}

/** Labels as they are, with the id where two would be alike. */
export function distinct(namings: readonly Naming[]): string[] {
  const count = new Map<string, number>();
  for (const { label } of namings) count.set(label, (count.get(label) ?? 0) + 1);
  const used = new Set<string>();
  return namings.map(({ label, detail }) => {
    let text = (count.get(label) ?? 0) > 1 && detail !== null ? `${label} (${detail})` : label;
    while (used.has(text)) text += " ";
    used.add(text);
    return text;
  });
}

/** The logs' filter for a group. */
const filters: Readonly<Record<Group, string>> = {
  route: "route",
  api_key: "api_key",
  team: "team_id",
  model: "model",
  tag: "tag",
  user: "user_id",
  customer: "end_user",
};

/** The calls behind a name; null where no filter means them. */
export function logsHref(group: Group, name: string, { first, last }: Days): string | null {
  if (name === "" || name === manyNames) return null;
  const query = new URLSearchParams({
    start_date: `${first}T00:00:00.000Z`,
    end_date: `${last}T23:59:59.999Z`,
    [filters[group]]: name,
  });
  return `/logs?${query}`;
}
