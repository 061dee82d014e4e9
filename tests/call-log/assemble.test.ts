import { expect, test } from "bun:test";
import { assemble } from "../../src/call-log/assemble.ts";

const sse = "text/event-stream; charset=utf-8";

function events(...messages: unknown[]): string {
  return messages.map((message) => `data: ${JSON.stringify(message)}\n\n`).join("");
}

function assembled(text: string, type = sse): string | null {
  return assemble(type, Buffer.from(text), text);
}

test("OpenAI's chat: text, reasoning, tools", () => {
  const delta = (parts: object) => ({ choices: [{ index: 0, delta: parts }] });
  const call = (index: number, parts: object) =>
    delta({ tool_calls: [{ index, function: parts }] });
  const text =
    events(
      delta({ role: "assistant", content: "" }),
      delta({ reasoning_content: "Hm. " }),
      delta({ content: "Hel" }),
      delta({ content: "lo" }),
      call(0, { name: "weather", arguments: "" }),
      call(0, { arguments: '{"city":' }),
      call(1, { name: "time", arguments: "{}" }),
      call(0, { arguments: '"Bonn"}' }),
      { choices: [], usage: { prompt_tokens: 1 } },
    ) + "data: [DONE]\n\n";

  expect(assembled(text)).toBe(
    '[reasoning] Hm. \n\nHello\n\n[tool] weather {"city":"Bonn"}\n\n[tool] time {}',
  );
});

test("OpenAI's responses", () => {
  const text = events(
    { type: "response.created", response: { id: "r" } },
    { type: "response.output_text.delta", output_index: 0, delta: "Hel" },
    { type: "response.output_text.delta", output_index: 0, delta: "lo" },
    { type: "response.output_item.added", output_index: 1, item: { name: "f" } },
    { type: "response.function_call_arguments.delta", output_index: 1, delta: "{}" },
  );

  expect(assembled(text)).toBe("Hello\n\n[tool] f {}");
});

test("Anthropic's messages, with CRLF", () => {
  const delta = (index: number, parts: object) => ({
    type: "content_block_delta",
    index,
    delta: parts,
  });
  const text = events(
    { type: "message_start", message: { usage: { input_tokens: 3 } } },
    delta(0, { type: "thinking_delta", thinking: "Let me see" }),
    { type: "content_block_start", index: 1, content_block: { type: "text", text: "" } },
    delta(1, { type: "text_delta", text: "Good " }),
    delta(1, { type: "text_delta", text: "day" }),
    { type: "content_block_start", index: 2, content_block: { type: "tool_use", name: "f" } },
    delta(2, { type: "input_json_delta", partial_json: '{"a":1}' }),
  ).replaceAll("\n", "\r\n");

  expect(assembled(text)).toBe('[reasoning] Let me see\n\nGood day\n\n[tool] f {"a":1}');
});

test("Gemini's, as events and as an array, whole and cut", () => {
  const part = (text: string) => ({ candidates: [{ content: { parts: [{ text }] } }] });
  const array = `[${JSON.stringify(part("Gu"))}\n,\n${JSON.stringify(part("ten"))}\n,\n${JSON.stringify(part(" Tag"))}\n]`;

  expect(assembled(events(part("Gu"), part("ten")))).toBe("Guten");
  expect(assembled(array, "application/json")).toBe("Guten Tag");
  expect(assembled(array.slice(0, -8), "application/json")).toBe("Guten");
});

test("Cohere's, of both versions", () => {
  const delta = (text: string) => ({
    type: "content-delta",
    index: 0,
    delta: { message: { content: { text } } },
  });

  expect(assembled(events(delta("Bon"), delta("jour")))).toBe("Bonjour");
  const first = [{ event_type: "text-generation", text: "Bon" }, { event_type: "stream-end" }];
  const lines = first.map((line) => JSON.stringify(line)).join("\n");
  expect(assembled(lines, "application/stream+json")).toBe("Bon");
});

test("an AWS event stream, its messages plain or in base64", () => {
  const frame = (payload: object) => {
    const body = Buffer.from(JSON.stringify(payload));
    const bytes = Buffer.alloc(16 + body.length);
    bytes.writeUInt32BE(bytes.length, 0);
    body.copy(bytes, 12);
    return bytes;
  };
  const inner = { type: "content_block_delta", index: 0, delta: { text: "there" } };
  const bytes = Buffer.concat([
    frame({ contentBlockIndex: 0, delta: { text: "Hi " } }),
    frame({ bytes: Buffer.from(JSON.stringify(inner)).toString("base64") }),
    Buffer.from([0, 0, 1, 0, 0]),
  ]);

  expect(assemble("application/vnd.amazon.eventstream", bytes, null)).toBe("Hi there");
});

test("unknown data line by line, and what is no stream not at all", () => {
  expect(assembled('event: x\ndata: one\ndata: two\n\n: ping\n\ndata: {"a":1}\n\n')).toBe(
    'one\ntwo\n{"a":1}',
  );
  expect(assembled('{"choices":[]}', "application/json")).toBeNull();
});

test("whatever a stream holds, it is put together", () => {
  for (const odd of [null, 1, [], "x", { choices: 3 }, { choices: [null] }, { delta: [] }]) {
    expect(assembled(events(odd))).not.toBeNull();
  }
  expect(assembled("data: {\n\ndata")).toBe("{");
});
