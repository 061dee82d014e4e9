import { type Static, type TSchema, Type } from "@sinclair/typebox";
import { Value } from "@sinclair/typebox/value";
import { masterKey } from "../gateway/wire.ts";

/** What the management API is asked of: a gateway, or all that is known of one. */
export interface Served {
  readonly url: string;
}

/** A virtual key, and its id: what records and lists call it. */
export interface MadeKey {
  readonly key: string;
  readonly id: string;
}

const Payer = Type.Object({
  spend: Type.Number(),
  held: Type.Number(),
  budget_reset_at: Type.Union([Type.String(), Type.Null()]),
  model_spend: Type.Record(Type.String(), Type.Number()),
});

/** Where a key or a team stands. */
export type Standing = Static<typeof Payer>;

const Log = Type.Object({
  request_id: Type.String(),
  api_key: Type.String(),
  spend: Type.Union([Type.Number(), Type.Null()]),
  http_status: Type.Integer(),
  request_duration_ms: Type.Number(),
  startTime: Type.String(),
  model: Type.String(),
  route: Type.String(),
  method: Type.String(),
  estimated: Type.Boolean(),
  bytes_in: Type.Integer(),
  metadata: Type.Object({
    error_information: Type.Union([Type.Object({ error_class: Type.String() }), Type.Null()]),
  }),
});

/** One call in the ledger. */
export type LogRow = Static<typeof Log>;

const LogPage = Type.Object({ data: Type.Array(Log), total_pages: Type.Integer() });

const Refusals = Type.Array(
  Type.Object({ route: Type.String(), code: Type.String(), count: Type.Integer() }),
);

const Issued = Type.Object({ key: Type.String(), token_id: Type.String() });

export async function makeKey(gateway: Served, fields: object = {}): Promise<MadeKey> {
  const { key, token_id: id } = await ask(gateway, "/key/generate", Issued, fields);
  return { key, id };
}

/** The same key's next value; the one it had is revoked. */
export async function regenerate(gateway: Served, made: MadeKey): Promise<MadeKey> {
  const fields = { key: made.key };
  const { key, token_id: id } = await ask(gateway, "/key/regenerate", Issued, fields);
  return { key, id };
}

/** Makes a team; gives its id. */
export async function makeTeam(gateway: Served, fields: object = {}): Promise<string> {
  const Made = Type.Object({ team_id: Type.String() });
  return (await ask(gateway, "/team/new", Made, fields)).team_id;
}

/** Any change that the management API makes: `/key/block`, `/key/update`, … */
export async function change(gateway: Served, path: string, fields: object): Promise<void> {
  await ask(gateway, path, Type.Unknown(), fields);
}

/** By the key, or by its id. */
export async function keyInfo(gateway: Served, key: string): Promise<Standing> {
  const Info = Type.Object({ info: Payer });
  return (await ask(gateway, `/key/info?key=${encodeURIComponent(key)}`, Info)).info;
}

export async function teamInfo(gateway: Served, id: string): Promise<Standing> {
  const Info = Type.Object({ team_info: Payer });
  return (await ask(gateway, `/team/info?team_id=${encodeURIComponent(id)}`, Info)).team_info;
}

/** Every row that fits, all pages of it. */
export async function spendLogs(
  gateway: Served,
  filter: Record<string, string> = {},
): Promise<LogRow[]> {
  const rows: LogRow[] = [];
  for (let page = 1; ; page++) {
    const query = new URLSearchParams({ ...filter, page: String(page), page_size: "100" });
    const { data, total_pages } = await ask(gateway, `/spend/logs/v2?${query}`, LogPage);
    rows.push(...data);
    if (page >= total_pages) return rows;
  }
}

/** How often calls were refused before it was known who calls, by route and code. */
export async function refusals(gateway: Served): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { route, code, count } of await ask(gateway, "/spend/refusals", Refusals)) {
    const name = `${route} ${code}`;
    counts[name] = (counts[name] ?? 0) + count;
  }
  return counts;
}

/** POST where there are fields, else GET; throws unless the answer is a 200 that looks as it should. */
async function ask<S extends TSchema>(
  { url }: Served,
  path: string,
  shape: S,
  fields?: object,
): Promise<Static<S>> {
  const reply = await fetch(url + path, {
    method: fields === undefined ? "GET" : "POST",
    headers: { authorization: `Bearer ${masterKey}`, "content-type": "application/json" },
    ...(fields === undefined ? {} : { body: JSON.stringify(fields) }),
  });
  const text = await reply.text();
  if (reply.status !== 200) throw new Error(`${path}: ${reply.status} ${text}`);
  const answer: unknown = JSON.parse(text);
  if (Value.Check(shape, answer)) return answer;
  throw new Error(`${path}: another answer than expected: ${text}`);
}
