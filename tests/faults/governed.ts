import { adminOf } from "../gateway/admin.ts";
import { config, masterKey } from "../gateway/wire.ts";
import type { Gateway } from "../helpers/gateway.ts";

/** The long form of a fault test: more rounds, more load. */
export const isLong = process.env["TOLLGATE_LONG"] === "1";

/** What one call on a paid route costs. */
export const paidUsd = 0.1;

/** What one call on the open route costs. */
export const openUsd = 0.001;

/** A gateway with a paid route, and an open one, to the same upstream. */
export function governed(upstreamUrl: string, ...settings: readonly string[]): string {
  return config(
    [
      `path: /paid, target: "${upstreamUrl}/", auth: true, include_subpath: true, cost_per_request: ${paidUsd}`,
      `path: /open, target: "${upstreamUrl}/", auth: false, include_subpath: true, cost_per_request: ${openUsd}`,
    ],
    `master_key: ${masterKey}`,
    ...settings,
  );
}

/** How a key is sent. */
export const bearer = (key: string) => `Bearer ${key}`;

/** What `/key/info` says of a key's money. */
export async function moneyOf(
  gateway: Gateway,
  key: string,
): Promise<{ readonly spend: number; readonly held: number }> {
  const info = await json(gateway, `/key/info?key=${key}`);
  const own: unknown = Reflect.get(info, "info");
  if (typeof own !== "object" || own === null) throw new Error("no info in the reply");
  return { spend: Number(Reflect.get(own, "spend")), held: Number(Reflect.get(own, "held")) };
}

/** A reply of the admin API. */
export async function json(gateway: Gateway, path: string): Promise<object> {
  const reply = await fetch(gateway.url + path, { headers: { authorization: bearer(masterKey) } });
  const body: unknown = await reply.json();
  if (reply.status !== 200 || typeof body !== "object" || body === null) {
    throw new Error(`${path}: ${reply.status} ${JSON.stringify(body)}`);
  }
  return body;
}

/** Waits until all that was told so far is in the ledger's database. */
export async function folded(gateway: Gateway): Promise<void> {
  await json(gateway, "/spend/logs/v2?page_size=1");
}

/** A new virtual key. */
export const newKey = ({ url }: Gateway, fields: object = {}) => adminOf(url).key(fields);
