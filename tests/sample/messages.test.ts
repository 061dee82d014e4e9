import { expect, test } from "bun:test";
import { sample } from "./sample.ts";

const request = {
  model: "sample-1",
  max_tokens: 100,
  system: [{ type: "text", text: "Be brief." }],
  messages: [{ role: "user", content: "Good day, gateway" }],
};

test("a message says back what the user said, with Anthropic's ids and usage", async () => {
  using upstream = sample();

  const response = await upstream.post("/anthropic/v1/messages", request);

  expect(response.headers.get("request-id")).toMatch(/^req_/);
  expect(await response.json()).toMatchObject({
    id: expect.stringMatching(/^msg_\w{32}$/),
    type: "message",
    role: "assistant",
    model: "sample-1",
    content: [{ type: "text", text: "You said: Good day, gateway" }],
    stop_reason: "end_turn",
    stop_sequence: null,
    usage: {
      input_tokens: 8,
      cache_creation_input_tokens: 0,
      cache_read_input_tokens: 0,
      output_tokens: 7,
    },
  });
});

test("a streamed message has its events in Anthropic's order, its usage in message_delta", async () => {
  using upstream = sample();

  const response = await upstream.events("/v1/messages", { ...request, stream: true });

  const names = response.map(({ name }) => name);
  const text = response
    .filter(({ name }) => name === "content_block_delta")
    .map(({ data }) => Object(data).delta.text);
  expect(response.every(({ name, data }) => Object(data).type === name)).toBe(true);
  expect(names.slice(0, 3)).toEqual(["message_start", "content_block_start", "ping"]);
  expect(new Set(names.slice(3, -3))).toEqual(new Set(["content_block_delta"]));
  expect(names.slice(-3)).toEqual(["content_block_stop", "message_delta", "message_stop"]);
  expect(text.join("")).toBe("You said: Good day, gateway");
  expect(response[0]?.data).toMatchObject({
    message: { content: [], stop_reason: null, usage: { input_tokens: 8, output_tokens: 1 } },
  });
  expect(response.at(-2)?.data).toMatchObject({
    delta: { stop_reason: "end_turn", stop_sequence: null },
    usage: { input_tokens: 8, output_tokens: 7 },
  });
});

test("max_tokens cuts the message", async () => {
  using upstream = sample();

  const reply = await upstream.json("/v1/messages", { ...request, max_tokens: 2 });

  expect(reply).toMatchObject({
    content: [{ text: "You said" }],
    stop_reason: "max_tokens",
    usage: { output_tokens: 2 },
  });
});
