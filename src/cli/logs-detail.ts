import { type Static, Type } from "@sinclair/typebox";
import { Value } from "@sinclair/typebox/value";
import { checked, unexpected } from "./keys-admin.ts";
import { type Ask, ListedCall } from "./logs-calls.ts";
import { jsonText, manyLines, oneLine } from "./logs-output.ts";
import { costText, keyText, modelText, statusText, tokensText } from "./logs-table.ts";

const Headers = Type.Record(Type.String(), Type.String());

const bodyFields = {
  headers: Headers,
  body: Type.Union([Type.String(), Type.Null()]),
  bytes: Type.Number(),
  truncated: Type.Boolean(),
};

/** What is shown of `/spend/logs/ui/{id}` beyond the table's row. */
const Bodies = Type.Object({
  request: Type.Object({ method: Type.String(), url: Type.String(), ...bodyFields }),
  reply: Type.Object({
    status: Type.Number(),
    assembled: Type.Optional(Type.Union([Type.String(), Type.Null()])),
    ...bodyFields,
  }),
  as_curl: Type.String(),
});
type Bodies = Static<typeof Bodies>;

const noBodies = "\nIts bodies were not logged, or no gateway runs that could show them.\n";

type ShownBody = Pick<Bodies["request"], "headers" | "body" | "bytes" | "truncated">;

/** One call with its bodies, for a terminal; `isJson`: as the admin API tells it. */
export async function callText(ask: Ask, id: string, isJson: boolean): Promise<string> {
  const shown = checked(await ask("GET", `/spend/logs/ui/${encodeURIComponent(id)}`));
  if (isJson) return `${jsonText(shown)}\n`;
  if (!Value.Check(ListedCall, shown)) throw unexpected("/spend/logs/ui");
  const bodies = Value.Check(Bodies, shown) ? bodiesText(shown) : noBodies;
  return facts(shown) + bodies;
}

function facts(call: ListedCall): string {
  const lines: readonly (readonly [string, string])[] = [
    ["call", call.request_id],
    ["time", call.startTime],
    ["route", call.route],
    ["status", statusText(call)],
    ["took", `${call.request_duration_ms} ms`],
    ["key", keyText(call)],
    ["model", modelText(call)],
    ["tokens", `${tokensText(call)} (in/out)`],
    ["cost", costText(call)],
  ];
  return lines.map(([name, value]) => `${name.padEnd(8)}${oneLine(value)}\n`).join("");
}

function bodiesText({ request, reply, as_curl }: Bodies): string {
  const answer = reply.status === 0 ? "no reply" : String(reply.status);
  return [
    section(`> ${oneLine(request.method)} ${oneLine(request.url)}`, request),
    section(`< ${answer}`, { ...reply, body: reply.assembled ?? reply.body }),
    `\nAgain:\n${manyLines(as_curl)}`,
  ].join("");
}

function section(title: string, { headers, body, bytes, truncated }: ShownBody): string {
  const mark = title.slice(0, 1);
  const lines = Object.entries(headers).map(
    ([name, value]) => `${mark} ${oneLine(`${name}: ${value}`)}\n`,
  );
  const rest = truncated ? `\n(cut: ${bytes} bytes passed)` : "";
  const text = body ?? (bytes === 0 ? "" : `(${bytes} bytes that are not text: see --json)`);
  return `\n${title}\n${lines.join("")}\n${manyLines(text)}${rest}\n`;
}
