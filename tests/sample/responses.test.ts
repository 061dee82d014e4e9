import { expect, test } from "bun:test";
import { sample } from "./sample.ts";

const finished = {
  id: expect.stringMatching(/^resp_/),
  object: "response",
  status: "completed",
  model: "sample-1",
  output: [
    {
      id: expect.stringMatching(/^msg_/),
      type: "message",
      status: "completed",
      role: "assistant",
      content: [{ type: "output_text", text: "You said: Good day, gateway", annotations: [] }],
    },
  ],
  usage: {
    input_tokens: 5,
    input_tokens_details: { cached_tokens: 0 },
    output_tokens: 7,
    output_tokens_details: { reasoning_tokens: 0 },
    total_tokens: 12,
  },
};

test.each([
  ["text", "Good day, gateway"],
  [
    "items",
    [
      { role: "user", content: [{ type: "input_text", text: "Good day, gateway" }] },
      { type: "function_call_output", call_id: "1", output: "2" },
    ],
  ],
])("a response says back its input: %s", async (_, input) => {
  using upstream = sample();

  const reply = await upstream.json("/v1/responses", { model: "sample-1", input });

  expect(reply).toMatchObject(finished);
});

test("a streamed response has its events in order and numbered, the whole one in the last", async () => {
  using upstream = sample();

  const events = await upstream.events("/v1/responses", {
    model: "sample-1",
    input: "Good day, gateway",
    stream: true,
  });

  const names = events.map(({ name }) => name?.replace("response.", ""));
  const deltas = events.filter(({ name }) => name === "response.output_text.delta");
  expect(names.filter((name, index) => name !== names[index - 1])).toEqual([
    "created",
    "in_progress",
    "output_item.added",
    "content_part.added",
    "output_text.delta",
    "output_text.done",
    "content_part.done",
    "output_item.done",
    "completed",
  ]);
  expect(events.map(({ data }) => Object(data).sequence_number)).toEqual([...events.keys()]);
  expect(deltas.map(({ data }) => Object(data).delta).join("")).toBe("You said: Good day, gateway");
  expect(events[0]?.data).toMatchObject({ response: { status: "in_progress", output: [] } });
  expect(events.at(-1)?.data).toMatchObject({ type: "response.completed", response: finished });
});

test("a limit on tokens leaves the response incomplete", async () => {
  using upstream = sample();
  const request = { model: "m", input: "Good day", max_output_tokens: 1 };

  const reply = await upstream.json("/v1/responses", request);
  const events = await upstream.events("/v1/responses", { ...request, stream: true });

  expect(reply).toMatchObject({
    status: "incomplete",
    incomplete_details: { reason: "max_output_tokens" },
  });
  expect(events.at(-1)?.name).toBe("response.incomplete");
});
