import { writeSync } from "node:fs";
import { Type } from "@sinclair/typebox";
import { Value } from "@sinclair/typebox/value";
import { parseDuration } from "../core/duration.ts";
import { isUsd } from "../core/money.ts";
import { StartError } from "../process/start-error.ts";
import { tell } from "../process/tell.ts";
import type { Command } from "./command.ts";
import { checked, placeFlags, unexpected, withKeysAdmin } from "./keys-admin.ts";
import { type Flag, UsageError } from "./options.ts";

type Values = ReadonlyMap<string, string>;

/** A flag that sets a field of `POST /key/generate`. */
interface FieldFlag extends Flag {
  readonly field: string;
  read(text: string, name: string): unknown;
}

const fieldFlags: readonly FieldFlag[] = [
  field("alias", "key_alias", ["name", "A name of its own, unique.", asText]),
  field("team", "team_id", ["id", "The team that it belongs to.", asText]),
  field("models", "models", ["a,b", "The models it may use (all).", asList]),
  field("routes", "allowed_passthrough_routes", ["/a,/b", "The routes it may use (all).", asList]),
  field("rpm", "rpm_limit", ["number", "Requests in any minute.", asCount]),
  field("tpm", "tpm_limit", ["number", "Tokens in any minute.", asCount]),
  field("max-parallel", "max_parallel_requests", ["number", "Calls at once.", asCount]),
  field("max-budget", "max_budget", ["usd", "What it may spend.", asUsd]),
  field("budget-duration", "budget_duration", ["30d", "In what time it may spend that.", asTime]),
  field("duration", "duration", ["30d", "How long the key is valid.", asTime]),
];

const flags: readonly Flag[] = [
  ...fieldFlags,
  { name: "admin", value: null, about: "It may use the admin API (user_role: proxy_admin)." },
  { name: "json", value: null, about: "Print the whole reply." },
  ...placeFlags,
];

const Created = Type.Object({ key: Type.String(), token_id: Type.String() });

export const keysCreateCommand: Command = {
  name: "keys create",
  about: "Make a virtual key. It is printed this once, alone on stdout; only its digest is kept.",
  usage: "[flags]",
  flags,
  run: ({ values }) => create(values),
};

async function create(values: Values): Promise<number> {
  const body = bodyOf(values);
  return withKeysAdmin(values, { mayBeNew: true }, async (admin) => {
    const reply = await admin.ask("POST", "/key/generate", body);
    const created = checked(reply);
    if (!Value.Check(Created, created)) throw unexpected("/key/generate");
    const id = created.token_id;
    print(values.has("json") ? JSON.stringify(created) : created.key, id);
    tell(`The key is shown this once: keep it. Its id is ${id}.`);
    if (!reply.hasMasterKey) {
      tell(
        "warning: the gateway has no master key, so no key is valid: set general_settings.master_key or LITELLM_MASTER_KEY.",
      );
    }
    return 0;
  });
}

/** A key that nobody saw is of no use. */
function print(line: string, id: string): void {
  try {
    writeSync(1, `${line}\n`);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "unknown";
    throw new StartError(
      `The key was made but could not be printed (${code}). Revoke it: tollgate keys revoke ${id}`,
      1,
    );
  }
}

function bodyOf(values: Values): Record<string, unknown> {
  const body: Record<string, unknown> = {};
  for (const { name, field: key, read } of fieldFlags) {
    const text = values.get(name);
    if (text !== undefined) body[key] = read(text, name);
  }
  if (values.has("budget-duration") && !values.has("max-budget")) {
    throw new UsageError("--budget-duration goes with --max-budget.");
  }
  if (values.has("admin")) body["user_role"] = "proxy_admin";
  return body;
}

function field(
  name: string,
  key: string,
  [value, about, read]: readonly [value: string, about: string, read: FieldFlag["read"]],
): FieldFlag {
  return { name, value, about, field: key, read };
}

function asText(text: string): string {
  return text;
}

function asList(text: string, name: string): string[] {
  const items = text.split(",").map((item) => item.trim());
  if (items.some((item) => item === "")) {
    throw new UsageError(`--${name} has an empty item: names, with commas between them.`);
  }
  return items;
}

function asCount(text: string, name: string): number {
  const count = Number(text);
  if (/^\d+$/.test(text) && Number.isSafeInteger(count)) return count;
  throw new UsageError(`--${name} is a whole number.`);
}

function asUsd(text: string, name: string): number {
  const usd = Number(text);
  if (/^\d+(?:\.\d+)?$/.test(text) && isUsd(usd)) return usd;
  throw new UsageError(`--${name} is a number of dollars, like 25 or 0.5.`);
}

function asTime(text: string, name: string): string {
  if (parseDuration(text) !== null) return text;
  throw new UsageError(`--${name} is a length of time, like 30s, 30m, 30h, 30d, 1mo.`);
}
