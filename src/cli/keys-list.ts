import { type Static, Type } from "@sinclair/typebox";
import { Value } from "@sinclair/typebox/value";
import type { Command } from "./command.ts";
import { checked, type KeysAdmin, placeFlags, unexpected, withKeysAdmin } from "./keys-admin.ts";
import { printable } from "./printable.ts";
import { table } from "./table.ts";

const OptionalText = Type.Optional(Type.Union([Type.String(), Type.Null()]));
const OptionalNumber = Type.Optional(Type.Union([Type.Number(), Type.Null()]));

/** One key of `GET /key/list`, as far as the table tells of it. */
const ListedKey = Type.Object({
  token: Type.String(),
  key_alias: OptionalText,
  key_name: OptionalText,
  team_id: OptionalText,
  rpm_limit: OptionalNumber,
  tpm_limit: OptionalNumber,
  max_parallel_requests: OptionalNumber,
  max_budget: OptionalNumber,
  budget_duration: OptionalText,
  spend: OptionalNumber,
  expires: OptionalText,
  blocked: Type.Optional(Type.Union([Type.Boolean(), Type.Null()])),
});
type ListedKey = Static<typeof ListedKey>;

const ListPage = Type.Object({ keys: Type.Array(ListedKey), total_pages: Type.Number() });

const pageSize = 100;

export const keysListCommand: Command = {
  name: "keys list",
  about: "List the virtual keys that are in force, with their limits and what they have spent.",
  usage: "[flags]",
  flags: [
    { name: "team", value: "id", about: "Only the keys of this team." },
    { name: "json", value: null, about: "Print them as JSON, with everything that is known." },
    ...placeFlags,
  ],
  run: ({ values }) =>
    withKeysAdmin(values, { mayBeNew: false }, async (admin) => {
      const keys = await allKeys(admin, values.get("team") ?? null);
      const text = values.has("json") ? JSON.stringify(keys, null, 2) : keysTable(keys);
      process.stdout.write(`${text}\n`);
      return 0;
    }),
};

async function allKeys(admin: KeysAdmin, team: string | null): Promise<ListedKey[]> {
  const keys: ListedKey[] = [];
  for (let page = 1; ; page += 1) {
    const query = new URLSearchParams({
      return_full_object: "true",
      page: String(page),
      size: String(pageSize),
      ...(team === null ? {} : { team_id: team }),
    });
    const listed = checked(await admin.ask("GET", `/key/list?${query}`));
    if (!Value.Check(ListPage, listed)) throw unexpected("/key/list");
    keys.push(...listed.keys);
    if (page >= listed.total_pages) return keys;
  }
}

function keysTable(keys: readonly ListedKey[]): string {
  const head = ["ID", "ALIAS", "KEY", "TEAM", "LIMITS", "SPEND", "EXPIRES", "BLOCKED"];
  const rows = keys.map((key) => [
    key.token,
    key.key_alias ?? "-",
    key.key_name ?? "-",
    key.team_id ?? "-",
    limits(key),
    dollars(key.spend ?? 0),
    key.expires ?? "never",
    key.blocked === true ? "blocked" : "-",
  ]);
  return table([head, ...rows.map((row) => row.map(printable))]).join("\n");
}

function limits(key: ListedKey): string {
  const period = key.budget_duration ?? null;
  const parts = [
    part(key.rpm_limit, (rpm) => `${rpm} rpm`),
    part(key.tpm_limit, (tpm) => `${tpm} tpm`),
    part(key.max_parallel_requests, (parallel) => `${parallel} at once`),
    part(key.max_budget, (usd) => dollars(usd) + (period === null ? "" : ` in ${period}`)),
  ];
  return parts.filter((text) => text !== "").join(", ") || "none";
}

function part(value: number | null | undefined, text: (value: number) => string): string {
  return value === null || value === undefined ? "" : text(value);
}

/** To the nano-dollar, without the zeros that say nothing. */
function dollars(usd: number): string {
  return `$${usd.toFixed(9).replace(/\.?0+$/, "")}`;
}
