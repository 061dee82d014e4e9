import { expect, test } from "bun:test";
import { readEvents, type TestEvent } from "../../src/ui/pages/test/events.ts";
import { StreamReader, streamKindOf } from "../../src/ui/pages/test/stream-reader.ts";
import { textOf } from "../../src/ui/pages/test/stream-text.ts";

function inPieces(text: string, size: number): ReadableStream<Uint8Array> {
  const bytes = new TextEncoder().encode(text);
  let at = 0;
  return new ReadableStream({
    pull(controller) {
      if (at >= bytes.length) return controller.close();
      controller.enqueue(bytes.slice(at, (at += size)));
    },
  });
}

const lines = [
  {
    type: "sent",
    call_id: "c",
    route: "r",
    url: "https://up/x",
    method: "POST",
    headers: [["a", "grün"]],
    client: { method: "POST", path: "/x", headers: [["b", "2"]] },
    body_changed: true,
    changed_body: "{}",
    at_ms: 1,
  },
  { type: "head", status: 200, headers: [["content-type", "text/plain"]], decoded: true, at_ms: 2 },
  { type: "chunk", base64: btoa("\xff\0hello"), at_ms: 3 },
  { type: "unheard-of" },
  { type: "cut", bytes: 7, at_ms: 4 },
  {
    type: "end",
    call_id: "c",
    route: null,
    status: 502,
    bytes: 7,
    timings: { gateway_ms: null, upstream_first_byte_ms: 2, first_byte_ms: 3, total_ms: 9 },
    cost_usd: null,
    unpriced: "no_usage",
    estimated: false,
    model: null,
    provider: null,
    usage: { input: 3 },
    error: { code: "stream_broken", message: "It broke." },
    at_ms: 9,
  },
];

test.each([1, 7, 100_000])(
  "events are read however they are cut, %d bytes at a time",
  async (size) => {
    const events: TestEvent[] = [];

    await readEvents(
      inPieces(lines.map((line) => JSON.stringify(line)).join("\n"), size),
      (event) => events.push(event),
    );

    expect(events.map(({ type }) => type)).toEqual(["sent", "head", "chunk", "cut", "end"]);
    expect<unknown>(events[0]).toEqual(lines[0]);
    expect(events[2]).toEqual({
      type: "chunk",
      bytes: Uint8Array.from([255, 0, 104, 101, 108, 108, 111]),
      at_ms: 3,
    });
    expect<unknown>(events[4]).toEqual(lines[5]);
  },
);

test("what is not known stays null, and a line that broke off is no event", async () => {
  const events: TestEvent[] = [];

  await readEvents(inPieces('{"type":"end","status":200}\n{"type":"he', 5), (event) =>
    events.push(event),
  );

  expect(events).toHaveLength(1);
  expect(events[0]).toMatchObject({ cost_usd: null, usage: null, error: null, model: null });
});

test.each([1, 2, 3, 50])("a stream of events is put together, %d characters at a time", (size) => {
  const stream = [
    ": hello\r\n\r\n",
    'data: {"choices":[{"delta":{"content":"Hel"}}]}\r\n\r\n',
    'event: x\ndata: {"choices":[{"delta":{"content":"lo"}}]}\n\n',
    "data: [DONE]\n\ndata: open",
  ].join("");
  const reader = new StreamReader("events");

  for (let at = 0; at < stream.length; at += size) reader.add(stream.slice(at, at + size), at);

  expect(reader.text).toBe("Hello");
  expect(reader.events.map(({ name }) => name)).toEqual(["message", "x", "message"]);
  expect(reader.events[2]?.data).toBe("[DONE]");
  expect(reader.rest()).toBe("data: open");
});

test("lines of JSON are events of their own", () => {
  const reader = new StreamReader("lines");

  for (const piece of ['{"a":', "1}\n12", "3\r\n", '{"b"']) reader.add(piece, 1);

  expect(reader.events.map(({ data }) => data)).toEqual(['{"a":1}', "123"]);
  expect(reader.rest()).toBe('{"b"');
});

test.each([
  ['{"choices":[{"delta":{"content":"a"}}]}', "a"],
  ['{"choices":[{"text":"a"}]}', "a"],
  ['{"choices":[]}', null],
  ['{"type":"content_block_delta","delta":{"type":"text_delta","text":"a"}}', "a"],
  ['{"type":"response.output_text.delta","delta":"a"}', "a"],
  ['{"type":"response.function_call_arguments.delta","delta":"{"}', null],
  ['{"candidates":[{"content":{"parts":[{"text":"a"},{"text":"b"}]}}]}', "ab"],
  ['{"type":"content-delta","delta":{"message":{"content":{"text":"a"}}}}', "a"],
  ["[DONE]", null],
  ["{broken", null],
])("%s adds %p to the text", (data, text) => {
  expect(textOf(data)).toBe(text);
});

test("content types tell streams from other bodies", () => {
  expect(streamKindOf("text/event-stream; charset=utf-8")).toBe("events");
  expect(streamKindOf("application/x-ndjson")).toBe("lines");
  expect(streamKindOf("application/json")).toBeNull();
});
