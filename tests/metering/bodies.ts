import { EventStreamCodec } from "@smithy/eventstream-codec";
import type { Shown } from "./watching-fold.ts";

/** A body of some format, and what a fold that asks for `usage` is to be shown of it. */
export interface Sample {
  readonly contentType: string;
  readonly body: Buffer;
  readonly messages: number;
  readonly shown: readonly Shown[];
}

const usage = { total_tokens: 7 };
const delta = (word: string) => JSON.stringify({ choices: [{ delta: { content: word } }] });
const last = JSON.stringify({ note: 'grün 🌍 \\"', usage });
const lastMessage: unknown = JSON.parse(last);

function sample(contentType: string, text: string, messages: number, shown: Shown[]): Sample {
  return { contentType, body: Buffer.from(text), messages, shown };
}

function events(lineEnd: string): Sample {
  const lines = [
    ": a comment that names usage, and nothing else",
    "",
    "event: delta",
    `data: ${delta("a")}`,
    "",
    `data:${delta("b")}`,
    "id: 4",
    "",
    "",
    "",
    "id: 5",
    "event: done",
    'data: {"note":"grün 🌍 \\\\\\"",',
    'data: "usage":{"total_tokens":7}}',
    "retry: 10",
    "",
    "event: ping",
    "",
    "data: the usage of plain text",
    "",
    "data: [DONE]",
    "",
    "",
  ];
  const shown = [{ message: lastMessage, event: "done" }];
  return sample("text/event-stream; charset=utf-8", `\uFEFF${lines.join(lineEnd)}`, 4, shown);
}

const list = `\n[${delta("[a]")}\n,\r\n${delta('{"')} , ${last},[1,"usage"],${delta("b")}] `;

const codec = new EventStreamCodec(
  (bytes) => (typeof bytes === "string" ? bytes : Buffer.from(bytes).toString()),
  (text) => Buffer.from(text),
);

/** A message of AWS's event stream. */
export function amazonMessage(name: string, json: string, kind = "event"): Uint8Array {
  return codec.encode({
    headers: {
      [`:${kind}-type`]: { type: "string", value: name },
      ":content-type": { type: "string", value: "application/json" },
      ":message-type": { type: "string", value: kind },
    },
    body: Buffer.from(json),
  });
}

const invoked = JSON.stringify({ bytes: Buffer.from(last).toString("base64"), usage: null });

/** One of each format. */
export const samples: Readonly<Record<string, Sample>> = {
  "events with LF": events("\n"),
  "events with CRLF": events("\r\n"),
  "events with CR": events("\r"),
  "a JSON document": sample("application/json", ` ${last}\n`, 1, [
    { message: lastMessage, event: null },
  ]),
  "a JSON document of a type of its own": sample("application/vnd.x+json; v=1", last, 1, [
    { message: lastMessage, event: null },
  ]),
  "a JSON document without a type": sample("", last, 1, [{ message: lastMessage, event: null }]),
  "a JSON list": sample("application/json; charset=UTF-8", list, 5, [
    { message: lastMessage, event: null },
    { message: [1, "usage"], event: null },
  ]),
  "JSON by lines": sample(
    "application/x-ndjson",
    `${delta("a")}\n\n${delta("b")}\r\n\r\n${last}\r\n${delta("c")}`,
    4,
    [{ message: lastMessage, event: null }],
  ),
  "an event stream of AWS": {
    contentType: "application/vnd.amazon.eventstream",
    body: Buffer.concat([
      amazonMessage("contentBlockDelta", delta("a")),
      amazonMessage("chunk", invoked),
      amazonMessage("contentBlockDelta", delta("b")),
      amazonMessage("metadata", last),
    ]),
    messages: 4,
    shown: [
      { message: JSON.parse(invoked), event: "chunk" },
      { message: lastMessage, event: "metadata" },
    ],
  },
};
