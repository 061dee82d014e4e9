import { describe, expect, test } from "bun:test";
import type { Folded, MeteredCall } from "../../src/core/metering.ts";
import { formatOf } from "../../src/providers/index.ts";
import { callOf, framesOf, type GoldenCase, runFold } from "./golden.ts";
import { assemblyAiCases } from "./golden/assemblyai.ts";
import { mistralMediaCases } from "./golden/mistral-media.ts";
import { openAiChat } from "./golden/openai-parts.ts";
import { openAiResponseCases } from "./golden/openai-responses.ts";
import { openAiCases } from "./golden/openai.ts";

const unknownHost = "https://llm.example.com";

describe("whose format a reply has, by its shape", () => {
  const tellingCases = [...openAiCases, ...openAiResponseCases].filter(
    ({ expected, name }) => expected.usage !== null && !name.startsWith("run of a thread"),
  );

  for (const golden of tellingCases) {
    test(`OpenAI's: ${golden.name}`, () => {
      const { once = null, ...expected } = golden.expected;

      expect(tellOf(golden)).toEqual({ ...expected, once, isInvalid: false });
      expect(tellOf(golden, true)).toEqual({ ...expected, once, isInvalid: false });
    });
  }

  test("Anthropic's, plain", () => {
    expect(
      tell({
        type: "message",
        model: "claude-sonnet-4-5",
        usage: { input_tokens: 10, cache_read_input_tokens: 90, output_tokens: 5 },
      }),
    ).toMatchObject({
      provider: "anthropic",
      model: "claude-sonnet-4-5",
      usage: { input: 100, cached: 90, output: 5 },
      isFinal: true,
    });
  });

  test("Anthropic's, streamed", () => {
    const start = {
      type: "message_start",
      message: { model: "claude-sonnet-4-5", usage: { input_tokens: 10, output_tokens: 1 } },
    };
    const end = {
      type: "message_delta",
      delta: { stop_reason: "end_turn" },
      usage: { output_tokens: 5 },
    };
    const text = { type: "content_block_delta", delta: { text: "Hi" } };

    expect(tell(start, text, end, { type: "message_stop" })).toMatchObject({
      provider: "anthropic",
      usage: { input: 10, output: 5 },
      isFinal: true,
    });
  });

  test("Gemini's", () => {
    expect(
      tell({
        candidates: [{ content: { parts: [{ text: "Hi" }] }, finishReason: "STOP" }],
        usageMetadata: { promptTokenCount: 4, candidatesTokenCount: 2, totalTokenCount: 6 },
        modelVersion: "gemini-2.5-flash",
      }),
    ).toMatchObject({
      provider: "google",
      model: "gemini-2.5-flash",
      usage: { input: 4, output: 2 },
      isFinal: true,
    });
  });

  test("Cohere's, of its second version and of its first", () => {
    const usage = { billed_units: { input_tokens: 5, output_tokens: 7 } };
    const told = { provider: "cohere", usage: { input: 5, output: 7 } };

    expect(tell({ id: "1", finish_reason: "COMPLETE", usage })).toMatchObject(told);
    expect(tell({ id: "1", meta: usage })).toMatchObject(told);
    expect(
      tell({ id: "1", results: [], meta: { billed_units: { search_units: 1 } } }),
    ).toMatchObject({
      provider: "cohere",
      usage: { searchUnits: 1 },
    });
  });

  test("Bedrock's", () => {
    const usage = { inputTokens: 3, outputTokens: 2, totalTokens: 5 };

    expect(tell({ output: {}, stopReason: "end_turn", usage })).toMatchObject({
      provider: "aws",
      usage: { input: 3, output: 2 },
      isFinal: true,
    });
  });

  for (const golden of mistralMediaCases.filter(({ path }) => path === "/v1/ocr")) {
    test(`Mistral's: ${golden.name}`, () => {
      expect(tellOf(golden)).toMatchObject(golden.expected);
    });
  }
});

describe("what it does not look at", () => {
  test("shapes that it does not know tell nothing", () => {
    for (const message of [null, 1, "usage", [], {}, { usage: 3 }, { usage: { credits: 3 } }]) {
      expect(tell(message)).toEqual({
        provider: null,
        model: null,
        usage: null,
        isFinal: false,
        isInvalid: false,
        once: null,
      });
    }
  });

  test("what is read again is not counted again", () => {
    for (const { method = "GET" } of [...assemblyAiCases.slice(0, 1), { method: "DELETE" }]) {
      expect(format().fold(callOf({ method, path: "/v1/responses/resp_1" }))).toBeNull();
    }
  });

  test("frames without a marker: of a long stream three are parsed", () => {
    const fold = foldOf(callOf({ path: "/chat" }));
    const stream = openAiChat("some-model").stream({ prompt_tokens: 1, completion_tokens: 1 });
    const chunk = `data: ${JSON.stringify({ choices: [{ delta: { content: "a" }, finish_reason: null }], usage: null })}\n\n`;
    const frames = framesOf(exchange(chunk.repeat(300) + stream));

    const marked = frames.filter(({ data }) =>
      fold.markers.some((marker) => data.includes(marker)),
    );

    expect(marked).toHaveLength(3);
  });
});

describe("what the path tells", () => {
  test("the model, where it has a known form", () => {
    const model = (path: string) => format().modelOfPath(path);

    expect(model("/v1beta/models/gemini-2.5-pro:generateContent")).toBe("gemini-2.5-pro");
    expect(model("/v1/chat/completions")).toBeNull();
  });

  test("whether tokens are to be estimated", () => {
    const counts = (path: string) => format().countsTokens(callOf({ path }));

    expect(counts("/api/v1/chat/completions")).toBe(true);
    expect(counts("/v1/messages")).toBe(true);
    expect(counts("/v1/ocr")).toBe(false);
  });
});

function format() {
  const found = formatOf(null, unknownHost);
  if (found?.id !== "by-shape") throw new Error("the host is known");
  return found;
}

function foldOf(call: MeteredCall) {
  const fold = format().fold(call);
  if (fold === null || fold === "free") throw new Error("no fold");
  return fold;
}

/** What an exchange tells at a path of which nothing is known. */
function tellOf(golden: GoldenCase, all = false): Folded {
  const fold = foldOf(callOf({ path: "/any", request: golden.request }));
  return runFold(fold, framesOf(golden), all);
}

function tell(...messages: readonly unknown[]): Folded {
  const fold = foldOf(callOf({ path: "/any" }));
  for (const message of messages) fold.add(message, null);
  return fold.result();
}

function exchange(reply: string): GoldenCase {
  const expected = { provider: null, model: null, usage: null, isFinal: false };
  return { name: "", path: "/any", request: null, reply, expected, handCalculation: null };
}
