import { describe, expect, test } from "bun:test";
import type { UsageFold } from "../../src/core/metering.ts";
import { openai } from "../../src/providers/openai.ts";
import { callOf, framesOf, testGolden } from "./golden.ts";
import { openAiMediaCases } from "./golden/openai-media.ts";
import { openAiChat } from "./golden/openai-parts.ts";
import { openAiResponseCases } from "./golden/openai-responses.ts";
import { openAiCases } from "./golden/openai.ts";

describe("what replies tell", () => {
  testGolden(openai, openAiCases);
  testGolden(openai, openAiResponseCases);
  testGolden(openai, openAiMediaCases);
});

describe("which calls are metered", () => {
  test("reading, deleting, and what stands for later costs nothing", () => {
    for (const path of [
      "/v1/moderations",
      "/v1/batches",
      "/v1/files",
      "/v1/uploads/upload_1/parts",
      "/v1/fine_tuning/jobs",
      "/v1/vector_stores/vs_1/search",
      "/v1/assistants",
      "/v1/threads",
      "/v1/threads/thread_1/messages",
      "/v1/threads/thread_1/runs/run_1/cancel",
      "/v1/conversations/conv_1/items",
      "/v1/responses/resp_1/cancel",
      "/v1/responses/input_tokens",
      "/v1/chat/completions/chatcmpl-1",
    ]) {
      expect([path, openai.fold(callOf({ path }))]).toEqual([path, "free"]);
    }
    for (const path of ["/v1/models", "/v1/responses/resp_1", "/v1/chat/completions"]) {
      expect([path, openai.fold(callOf({ method: "GET", path }))]).toEqual([path, "free"]);
    }
    expect(openai.fold(callOf({ method: "DELETE", path: "/v1/responses/resp_1" }))).toBe("free");
  });

  test("of what tells nothing and costs something nobody knows", () => {
    for (const path of [
      "/v1/videos",
      "/v1/evals/eval_1/runs",
      "/v1/something-new",
      "/v1/models/m/predict",
    ]) {
      expect([path, openai.fold(callOf({ path }))]).toEqual([path, null]);
    }
  });

  test("a final slash makes no other call", () => {
    expect(openai.fold(callOf({ path: "/v1/chat/completions/" }))).toBeObject();
  });

  test("tokens are estimated for what answers in tokens", () => {
    const counts = (path: string) => openai.countsTokens(callOf({ path }));

    expect(
      ["/v1/chat/completions", "/v1/completions", "/v1/responses", "/v1/embeddings"].every(counts),
    ).toBe(true);
    expect(
      ["/v1/images/generations", "/v1/audio/speech", "/v1/batches", "/v1/videos"].some(counts),
    ).toBe(false);
    expect(openai.countsTokens(callOf({ method: "GET", path: "/v1/responses" }))).toBe(false);
  });
});

describe("what a stream costs to look at", () => {
  test("of a long one three frames are parsed: the first, the last, the one with the usage", () => {
    const fold = chatFold();
    const filler = `data: ${JSON.stringify({ choices: [{ delta: { content: 'says "usage"' }, finish_reason: null }], usage: null })}\n\n`;
    const stream = openAiChat("gpt-4o").stream({ prompt_tokens: 1, completion_tokens: 1 });
    const reply = stream.replace("data: ", `${filler.repeat(500)}data: `);
    const frames = framesOf({
      name: "",
      path: "",
      request: null,
      reply,
      expected: { provider: null, model: null, usage: null, isFinal: false },
      handCalculation: null,
    });

    const marked = frames.filter(({ data }) =>
      fold.markers.some((marker) => data.includes(marker)),
    );

    expect(frames.length).toBeGreaterThan(500);
    expect(marked).toHaveLength(3);
  });
});

describe("counts that are told more than once", () => {
  test("of cumulative ones the last holds, and is final once the choice has ended", () => {
    const fold = chatFold();
    const frame = (completion_tokens: number, finish_reason: string | null) => ({
      object: "chat.completion.chunk",
      model: "gpt-4o",
      choices: [{ index: 0, delta: { content: "a" }, finish_reason }],
      usage: { prompt_tokens: 10, completion_tokens, total_tokens: 10 + completion_tokens },
    });

    fold.add(frame(1, null), null);
    fold.add(frame(2, null), null);
    const before = fold.result();
    fold.add(frame(3, "stop"), null);

    expect(before).toMatchObject({ usage: { input: 10, output: 2 }, isFinal: false });
    expect(fold.result()).toMatchObject({ usage: { input: 10, output: 3 }, isFinal: true });
  });

  test("usage beside an empty choice is final where the choice ended before", () => {
    const fold = chatFold();
    fold.add({ choices: [{ delta: {}, finish_reason: "stop" }] }, null);
    fold.add(
      {
        choices: [{ delta: { content: "" }, finish_reason: null }],
        usage: { prompt_tokens: 4, completion_tokens: 2 },
      },
      null,
    );

    expect(fold.result()).toMatchObject({ usage: { input: 4, output: 2 }, isFinal: true });
  });
});

describe("what cannot be", () => {
  test("a count that is none makes the whole unbelievable", () => {
    for (const wrong of [-1, Number.NaN, 1e308, "12", true, {}]) {
      const fold = chatFold();
      fold.add({ model: "gpt-4o", usage: { prompt_tokens: wrong, completion_tokens: 5 } }, null);

      expect(fold.result().isInvalid).toBe(true);
    }
  });

  test("nothing makes a fold throw", () => {
    const hostile = JSON.parse('{"__proto__":{"usage":{"prompt_tokens":1}},"choices":{"0":1}}');
    const messages = [
      null,
      undefined,
      0,
      "usage",
      [],
      [[]],
      {},
      hostile,
      { usage: [] },
      { usage: "a" },
    ];
    for (const path of ["/v1/chat/completions", "/v1/images/edits", "/v1/audio/transcriptions"]) {
      for (const message of [
        ...messages,
        { response: null },
        { choices: [null] },
        { output: [1] },
      ]) {
        const fold = openai.fold(callOf({ path }));
        if (fold === null || fold === "free") throw new Error("no fold");
        fold.add(message, null);

        expect(fold.result()).toMatchObject({ usage: null, isFinal: false });
      }
    }
  });

  test("speech without a text to speak tells nothing", () => {
    for (const request of [undefined, null, { input: 1 }, { input: "" }]) {
      const fold = openai.fold(callOf({ path: "/v1/audio/speech", request }));
      if (fold === null || fold === "free") throw new Error("no fold");

      expect(fold.result()).toMatchObject({ provider: null, usage: null, isFinal: false });
    }
  });
});

function chatFold(): UsageFold {
  const fold = openai.fold(callOf({ path: "/v1/chat/completions" }));
  if (fold === null || fold === "free") throw new Error("no fold");
  return fold;
}
