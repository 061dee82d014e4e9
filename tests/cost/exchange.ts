import { type Static, Type } from "@sinclair/typebox";
import { Value } from "@sinclair/typebox/value";
import type { Served } from "../helpers/keys.ts";
import { until } from "../gateway/live-client.ts";
import { masterKey } from "../gateway/wire.ts";
import type { Step } from "../helpers/raw-upstream.ts";

const nullable = <T extends ReturnType<typeof Type.String> | ReturnType<typeof Type.Number>>(
  type: T,
) => Type.Union([type, Type.Null()]);

const Row = Type.Object({
  request_id: Type.String(),
  spend: nullable(Type.Number()),
  model: Type.String(),
  provider: nullable(Type.String()),
  usage: Type.Union([Type.Record(Type.String(), Type.Number()), Type.Null()]),
  unpriced: nullable(Type.String()),
  prompt_tokens: nullable(Type.Number()),
  completion_tokens: nullable(Type.Number()),
  total_tokens: nullable(Type.Number()),
  estimated: Type.Boolean(),
  stream: Type.Boolean(),
  status: Type.String(),
  http_status: Type.Integer(),
  metadata: Type.Object({
    error_information: Type.Union([Type.Object({ error_class: Type.String() }), Type.Null()]),
  }),
});

/** A call in the ledger, as far as its cost goes. */
export type CostRow = Static<typeof Row>;

const Page = Type.Object({ data: Type.Array(Row) });

/** The latest rows that fit, the newest first. */
export async function costRows(
  { url }: Served,
  filter: Record<string, string>,
): Promise<CostRow[]> {
  const query = new URLSearchParams({ ...filter, page_size: "100" });
  const reply = await fetch(`${url}/spend/logs/v2?${query}`, {
    headers: { authorization: `Bearer ${masterKey}` },
  });
  const answer: unknown = await reply.json();
  if (Value.Check(Page, answer)) return answer.data;
  throw new Error(`another answer than expected: ${JSON.stringify(answer)}`);
}

/** The one row of a call; fails where it has another number of them. */
export async function rowOf(gateway: Served, callId: string | undefined): Promise<CostRow> {
  const rows = await costRows(gateway, { request_id: callId ?? "" });
  const [row] = rows;
  if (row === undefined || rows.length > 1) throw new Error(`${rows.length} rows of ${callId}`);
  return row;
}

/** The first row of a key's that is there within a second of now; fails where it has another number of them. */
export async function soonRow(
  gateway: Served,
  keyId: string,
  filter: Record<string, string> = {},
): Promise<CostRow> {
  let rows: CostRow[] = [];
  for (const deadline = performance.now() + 1_000; performance.now() < deadline;) {
    rows = await costRows(gateway, { ...filter, api_key: keyId });
    if (rows.length > 0) break;
    await Bun.sleep(10);
  }
  const [row] = rows;
  if (row === undefined || rows.length > 1) throw new Error(`${rows.length} rows of the key`);
  return row;
}

/** The class of the error in a row, null where it has none. */
export function errorOf({ metadata }: CostRow): string | null {
  return metadata.error_information?.error_class ?? null;
}

/** Dollars as whole nano-dollars, so that sums are exact; null stays null. */
export function nano(usd: number | null): number | null {
  return usd === null ? null : Math.round(usd * 1e9);
}

const crlf = Buffer.from("\r\n");

/** Bytes as chunks of this size, without the last one, which ends the body. */
export function chunks(body: string | Uint8Array, size = Number.POSITIVE_INFINITY): Buffer {
  const bytes = Buffer.from(body);
  const parts: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += size) {
    const part = bytes.subarray(at, Math.min(bytes.length, at + size));
    parts.push(Buffer.from(`${part.length.toString(16)}\r\n`), part, crlf);
  }
  return Buffer.concat(parts);
}

/** What ends a chunked body. */
export const lastChunk = "0\r\n\r\n";

/** The head of a reply whose body comes in chunks. */
export function chunkedHead(contentType: string, ...lines: readonly string[]): string {
  const all = [`Content-Type: ${contentType}`, "Transfer-Encoding: chunked", ...lines];
  return `HTTP/1.1 200 OK\r\n${all.join("\r\n")}\r\n\r\n`;
}

/** A whole stream of events. */
export function eventReply(text: string, ...lines: readonly string[]): Step[] {
  const body = Buffer.concat([chunks(text, 97), Buffer.from(lastChunk)]);
  return [{ write: chunkedHead("text/event-stream", ...lines) }, { write: body }];
}

/** A whole JSON reply of known length. */
export function jsonReply(
  value: unknown,
  { status = 200, lines = [] }: { status?: number; lines?: readonly string[] } = {},
): Step[] {
  const body = Buffer.from(typeof value === "string" ? value : JSON.stringify(value));
  const all = ["Content-Type: application/json", ...lines, `Content-Length: ${body.length}`];
  const head = `HTTP/1.1 ${status} X\r\n${all.join("\r\n")}\r\n\r\n`;
  return [{ write: Buffer.concat([Buffer.from(head), body]) }];
}

/** Asks until what it tells is true. */
export async function soon(look: () => boolean, timeoutMs?: number): Promise<void> {
  await until(() => (look() ? true : null), timeoutMs);
}
