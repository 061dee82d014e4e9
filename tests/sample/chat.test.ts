import { expect, test } from "bun:test";
import { type SampleEvent, sample } from "./sample.ts";

const request = {
  model: "sample-1",
  messages: [
    { role: "system", content: "Be brief." },
    { role: "user", content: [{ type: "text", text: "Good day, gateway" }] },
    { role: "assistant", content: null },
  ],
};

const tools = [
  { type: "function", function: { name: "first" } },
  {
    type: "function",
    function: {
      name: "weather",
      parameters: {
        type: "object",
        properties: {
          city: { type: "string" },
          unit: { type: "string", enum: ["celsius", "kelvin"] },
          days: { type: "integer" },
          exact: true,
        },
      },
    },
  },
];

const usage = {
  prompt_tokens: 8, // 9 and 17 characters
  completion_tokens: 7, // 27 characters
  total_tokens: 15,
  prompt_tokens_details: { cached_tokens: 0, audio_tokens: 0 },
  completion_tokens_details: { reasoning_tokens: 0 },
};

function deltas(events: readonly SampleEvent[], field: string): unknown[] {
  return events.flatMap(({ data }) =>
    Array.isArray(Reflect.get(Object(data), "choices"))
      ? Object(data).choices.flatMap(
          (choice: { delta: object }) => Reflect.get(choice.delta, field) ?? [],
        )
      : [],
  );
}

test.each(["/v1/chat/completions", "/chat/completions", "/openai/v1/chat/completions?x=1"])(
  "a completion says back what the user said, at %s",
  async (path) => {
    using upstream = sample();

    const response = await upstream.post(path, request);

    expect(response.status).toBe(200);
    expect(response.headers.get("x-sample-upstream")).toBe("tollgate");
    expect(response.headers.get("content-type")).toStartWith("application/json");
    expect(await response.json()).toMatchObject({
      id: expect.stringMatching(/^chatcmpl-\w{32}$/),
      object: "chat.completion",
      created: expect.any(Number),
      model: "sample-1",
      choices: [
        {
          index: 0,
          message: { role: "assistant", content: "You said: Good day, gateway", refusal: null },
          logprobs: null,
          finish_reason: "stop",
        },
      ],
      usage,
    });
  },
);

test("a streamed completion ends with its reason and [DONE]", async () => {
  using upstream = sample();

  const events = await upstream.events("/v1/chat/completions", { ...request, stream: true });

  expect(events[0]?.data).toMatchObject({
    object: "chat.completion.chunk",
    choices: [{ delta: { role: "assistant", content: "" }, finish_reason: null }],
  });
  expect(deltas(events, "content").length).toBeGreaterThan(3);
  expect(deltas(events, "content").join("")).toBe("You said: Good day, gateway");
  expect(events.at(-2)?.data).toMatchObject({ choices: [{ delta: {}, finish_reason: "stop" }] });
  expect(events.at(-1)).toEqual({ name: null, data: "[DONE]" });
  expect(new Set(events.slice(0, -1).map(({ data }) => Object(data).id)).size).toBe(1);
  expect(JSON.stringify(events)).not.toContain("usage");
});

test("a streamed completion carries its usage where that is asked for", async () => {
  using upstream = sample();

  const events = await upstream.events("/v1/chat/completions", {
    ...request,
    stream: true,
    stream_options: { include_usage: true },
  });

  expect(events.at(-2)?.data).toMatchObject({ choices: [], usage });
  expect(events.slice(0, -2).every(({ data }) => Object(data).usage === null)).toBe(true);
});

test("a required tool is called, its arguments fit its schema", async () => {
  using upstream = sample();
  const choice = { type: "function", function: { name: "weather" } };

  const named = await upstream.json("/v1/chat/completions", {
    ...request,
    tools,
    tool_choice: choice,
  });
  const any = await upstream.json("/v1/chat/completions", {
    ...request,
    tools,
    tool_choice: "required",
  });
  const none = await upstream.json("/v1/chat/completions", {
    ...request,
    tools,
    tool_choice: "auto",
  });

  expect(named).toMatchObject({
    choices: [
      {
        message: {
          content: null,
          tool_calls: [
            {
              id: expect.stringMatching(/^call_/),
              type: "function",
              function: {
                name: "weather",
                arguments:
                  '{"city":"Good day, gateway","unit":"celsius","days":1,"exact":"Good day, gateway"}',
              },
            },
          ],
        },
        finish_reason: "tool_calls",
      },
    ],
  });
  expect(any).toMatchObject({
    choices: [{ message: { tool_calls: [{ function: { name: "first", arguments: "{}" } }] } }],
  });
  expect(none).toMatchObject({ choices: [{ finish_reason: "stop" }] });
});

test("a streamed tool call comes in pieces", async () => {
  using upstream = sample();

  const events = await upstream.events("/v1/chat/completions", {
    ...request,
    tools: tools.slice(1),
    tool_choice: "required",
    stream: true,
  });

  const [opening, ...pieces] = deltas(events, "tool_calls").map(Object);
  expect(opening).toMatchObject({ index: 0, type: "function", function: { name: "weather" } });
  expect(pieces.length).toBeGreaterThan(1);
  expect(JSON.parse(pieces.map((piece) => piece.function.arguments).join(""))).toMatchObject({
    city: "Good day, gateway",
  });
  expect(events.at(-2)?.data).toMatchObject({ choices: [{ finish_reason: "tool_calls" }] });
});

test("a limit on tokens cuts the reply, a long one streams in a bounded number of pieces", async () => {
  using upstream = sample();
  const long = { ...request, messages: [{ role: "user", content: "word ".repeat(20_000) }] };

  const cut = await upstream.json("/v1/chat/completions", { ...request, max_completion_tokens: 3 });
  const events = await upstream.events("/v1/chat/completions", { ...long, stream: true });

  expect(cut).toMatchObject({
    choices: [{ message: { content: "You said: Go" }, finish_reason: "length" }],
    usage: { completion_tokens: 3 },
  });
  expect(events.length).toBeLessThan(60);
  expect(deltas(events, "content").join("")).toBe(`You said: ${"word ".repeat(20_000)}`);
});
