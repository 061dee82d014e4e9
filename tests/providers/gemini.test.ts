import { expect, test } from "bun:test";
import { gemini } from "../../src/providers/gemini.ts";
import { geminiFold } from "../../src/providers/gemini-fold.ts";
import { geminiCases } from "./golden/gemini.ts";
import { callOf, testGolden } from "./golden.ts";

testGolden(gemini, geminiCases);

const post = (path: string) => gemini.fold(callOf({ path }));

test("what costs nothing by itself is free", () => {
  expect(post("/v1beta/models/gemini-2.5-flash:countTokens")).toBe("free");
  expect(post("/v1beta/models/gemini-2.5-flash:batchGenerateContent")).toBe("free");
  expect(post("/upload/v1beta/files")).toBe("free");
  expect(post("/v1beta/fileSearchStores/one:uploadToFileSearchStore")).toBe("free");
  expect(gemini.fold(callOf({ method: "GET", path: "/v1beta/models" }))).toBe("free");
  expect(gemini.fold(callOf({ method: "DELETE", path: "/v1beta/interactions/one" }))).toBe("free");
});

test("nobody knows what caches and videos cost", () => {
  expect(post("/v1beta/cachedContents")).toBeNull();
  expect(post("/v1beta/models/veo-3.0-generate-001:predictLongRunning")).toBeNull();
});

test("the path names the model", () => {
  expect(gemini.modelOfPath("/v1beta/models/gemini-2.5-flash:streamGenerateContent")).toBe(
    "gemini-2.5-flash",
  );
  expect(gemini.modelOfPath("/v1beta/tunedModels/my%2Dmodel:generateContent")).toBe("my-model");
  expect(gemini.modelOfPath("/v1beta/models/%zz:generateContent")).toBe("%zz");
  expect(gemini.modelOfPath("/v1beta/models")).toBeNull();
});

test("tokens are counted of texts, not of images", () => {
  const counts = (path: string) => gemini.countsTokens(callOf({ path }));

  expect(counts("/v1beta/models/gemini-2.5-flash:generateContent")).toBe(true);
  expect(counts("/v1beta/openai/chat/completions")).toBe(true);
  expect(counts("/v1beta/interactions")).toBe(true);
  expect(counts("/v1beta/models/imagen-4.0-generate-001:predict")).toBe(false);
  expect(counts("/v1beta/models/gemini-2.5-flash:countTokens")).toBe(false);
});

test("its hosts are Google's", () => {
  expect(gemini.serves("generativelanguage.googleapis.com")).toBe(true);
  expect(gemini.serves("storage.googleapis.com")).toBe(false);
});

test("thoughts that a later message leaves out still count", () => {
  const fold = geminiFold("google", null);

  fold.add({ usageMetadata: { promptTokenCount: 14, thoughtsTokenCount: 156 } }, null);
  fold.add(
    {
      candidates: [{ finishReason: "STOP" }],
      usageMetadata: { promptTokenCount: 14, candidatesTokenCount: 73 },
    },
    null,
  );

  expect(fold.result()).toMatchObject({
    usage: { input: 14, output: 229, reasoning: 156 },
    isFinal: true,
  });
});

test("pages of documents and pictures are images, cached sound is its own", () => {
  const fold = geminiFold("google", null);

  fold.add(
    {
      usageMetadata: {
        promptTokenCount: 900,
        cachedContentTokenCount: 500,
        promptTokensDetails: [
          { modality: "DOCUMENT", tokenCount: 258 },
          { modality: "IMAGE", tokenCount: 42 },
          { modality: "VIDEO", tokenCount: 100 },
          { modality: "AUDIO", tokenCount: 500 },
        ],
        cacheTokensDetails: [{ modality: "AUDIO", tokenCount: 500 }],
      },
    },
    null,
  );

  expect(fold.result().usage).toEqual({
    input: 900,
    cached: 500,
    cachedAudio: 500,
    audioInput: 500,
    imageInput: 300,
    videoInput: 100,
  });
});

test("an error after the end leaves what was told, and takes back that it is the whole", () => {
  const fold = geminiFold("google", null);
  const usageMetadata = { promptTokenCount: 4, candidatesTokenCount: 5 };

  fold.add({ candidates: [{ finishReason: "STOP" }], usageMetadata }, null);
  fold.add({ error: { code: 500, message: "Failed", status: "INTERNAL" } }, null);

  expect(fold.result()).toMatchObject({ usage: { input: 4, output: 5 }, isFinal: false });
});

test("a count that is none is said to be none", () => {
  const fold = geminiFold("google", null);

  fold.add({ usageMetadata: { promptTokenCount: -3, candidatesTokenCount: 4 } }, null);

  expect(fold.result()).toMatchObject({ usage: { output: 4 }, isInvalid: true });
});

test("what is no message does no harm", () => {
  const details = { promptTokensDetails: [null] };
  for (const message of [null, 7, "text", [], { candidates: 3 }, { usageMetadata: details }]) {
    const fold = geminiFold("google", null);

    fold.add(message, null);

    expect(fold.result()).toMatchObject({ usage: null, isFinal: false, isInvalid: false });
  }
});
