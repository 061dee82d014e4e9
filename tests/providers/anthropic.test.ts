import { expect, test } from "bun:test";
import { anthropic } from "../../src/providers/anthropic.ts";
import { anthropicFold } from "../../src/providers/anthropic-fold.ts";
import { anthropicCases } from "./golden/anthropic.ts";
import { callOf, testGolden } from "./golden.ts";

testGolden(anthropic, anthropicCases);

const post = (path: string) => anthropic.fold(callOf({ path }));

test("what costs nothing by itself is free", () => {
  expect(post("/v1/messages/count_tokens")).toBe("free");
  expect(post("/v1/messages/batches")).toBe("free");
  expect(post("/v1/messages/batches/msgbatch_1/cancel")).toBe("free");
  expect(post("/v1/files")).toBe("free");
  expect(anthropic.fold(callOf({ method: "GET", path: "/v1/models" }))).toBe("free");
});

test("a message is metered wherever it is asked for, and what nobody knows is not free", () => {
  expect(post("/v1/messages")).toBeObject();
  expect(post("/anthropic/v1/messages/")).toBeObject();
  expect(post("/v1/sessions")).toBeNull();
  expect(post("/v1/complete")).toBeNull();
});

test("tokens are counted of messages, not of their counting", () => {
  expect(anthropic.countsTokens(callOf({ path: "/v1/messages" }))).toBe(true);
  expect(anthropic.countsTokens(callOf({ path: "/v1/messages/count_tokens" }))).toBe(false);
  expect(anthropic.countsTokens(callOf({ method: "GET", path: "/v1/messages" }))).toBe(false);
});

test("its hosts are its own", () => {
  expect(anthropic.serves("api.anthropic.com")).toBe(true);
  expect(anthropic.serves("api.anthropic.com.evil.example")).toBe(false);
  expect(anthropic.serves("notanthropic.com")).toBe(false);
});

test("counts that come late are believed, and what a later message leaves out stands", () => {
  const fold = anthropicFold("anthropic");

  fold.add(
    { type: "message_start", message: { usage: { input_tokens: 0, output_tokens: 0 } } },
    null,
  );
  fold.add(
    { type: "message_delta", delta: {}, usage: { input_tokens: 40, output_tokens: 3 } },
    null,
  );
  fold.add(
    { type: "message_delta", delta: { stop_reason: "end_turn" }, usage: { output_tokens: 9 } },
    null,
  );

  expect(fold.result()).toMatchObject({ usage: { input: 40, output: 9 }, isFinal: true });
});

test("input that a later message finds in the cache is not counted twice", () => {
  const fold = anthropicFold("anthropic");

  fold.add({ type: "message_start", message: { usage: { input_tokens: 1000 } } }, null);
  fold.add(
    {
      type: "message_delta",
      delta: { stop_reason: "end_turn" },
      usage: { input_tokens: 100, cache_read_input_tokens: 900, output_tokens: 5 },
    },
    null,
  );

  expect(fold.result().usage).toEqual({ input: 1000, output: 5, cached: 900 });
});

test("a compaction told beside output alone is added to the input of the start", () => {
  const fold = anthropicFold("anthropic");

  fold.add(
    { type: "message_start", message: { usage: { input_tokens: 500, output_tokens: 1 } } },
    null,
  );
  fold.add(
    {
      type: "message_delta",
      delta: { stop_reason: "end_turn" },
      usage: {
        output_tokens: 50,
        iterations: [
          { type: "compaction", input_tokens: 80_000, output_tokens: 300 },
          { type: "message", input_tokens: 500, output_tokens: 50 },
        ],
      },
    },
    null,
  );

  expect(fold.result().usage).toEqual({ input: 80_500, output: 350 });
});

test("an error after the end leaves what was told, and takes back that it is the whole", () => {
  const fold = anthropicFold("anthropic");

  fold.add({ type: "message", usage: { input_tokens: 4, output_tokens: 5 } }, null);
  fold.add({ type: "error", error: { type: "api_error", message: "Failed" } }, "error");

  expect(fold.result()).toMatchObject({ usage: { input: 4, output: 5 }, isFinal: false });
});

test.each([-1, "12", 1e13, {}])("a count of %p is no count, and said to be none", (count) => {
  const fold = anthropicFold("anthropic");

  fold.add({ type: "message", usage: { input_tokens: count, output_tokens: 5 } }, null);

  expect(fold.result()).toMatchObject({ usage: { output: 5 }, isInvalid: true });
});

test("what is no message does no harm", () => {
  for (const message of [
    null,
    7,
    "text",
    [],
    {},
    { usage: null },
    { usage: { iterations: [null, 3] } },
  ]) {
    const fold = anthropicFold("anthropic");

    fold.add(message, null);

    expect(fold.result()).toMatchObject({ provider: null, usage: null, isFinal: false });
  }
});
