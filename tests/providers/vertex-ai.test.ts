import { expect, test } from "bun:test";
import { gemini } from "../../src/providers/gemini.ts";
import { vertexAiCases } from "./golden/vertex-ai.ts";
import { callOf, foldOf, testGolden } from "./golden.ts";

testGolden(gemini, vertexAiCases);

const project = "/v1/projects/my-project/locations/us-central1";
const post = (path: string) => gemini.fold(callOf({ path: project + path }));

test.each([
  "aiplatform.googleapis.com",
  "us-central1-aiplatform.googleapis.com",
  "aiplatform.us.rep.googleapis.com",
  "us-central1-aiplatform-mine.p.googleapis.com",
])("%s is Vertex AI", (host) => {
  expect(gemini.serves(host)).toBe(true);
});

test.each([
  "myaiplatform.googleapis.com",
  "aiplatform.googleapis.com.evil.example",
  "discoveryengine.googleapis.com",
])("%s is not", (host) => {
  expect(gemini.serves(host)).toBe(false);
});

test("what costs nothing by itself is free", () => {
  expect(post("/publishers/google/models/gemini-2.5-flash:countTokens")).toBe("free");
  expect(post("/publishers/anthropic/models/count-tokens:rawPredict")).toBe("free");
  expect(post("/batchPredictionJobs")).toBe("free");
  expect(gemini.fold(callOf({ method: "GET", path: `${project}/endpoints` }))).toBe("free");
});

test("nobody knows what an own endpoint, a cache or an agent costs", () => {
  expect(post("/endpoints/1234:rawPredict")).toBeNull();
  expect(post("/cachedContents")).toBeNull();
  expect(post("/reasoningEngines/1:query")).toBeNull();
  expect(post("/publishers/google/models/veo-3.0-generate-001:predictLongRunning")).toBeNull();
});

test("a tuned model's endpoint generates too", () => {
  expect(post("/endpoints/1234:generateContent")).toBeObject();
});

test("models are named by the path, those with a version too", () => {
  const path = `${project}/publishers/anthropic/models/claude-sonnet-4-5@20250929:rawPredict`;

  expect(gemini.modelOfPath(path)).toBe("claude-sonnet-4-5@20250929");
});

test("Mistral's reading of documents counts pages", () => {
  const path = `${project}/publishers/mistralai/models/mistral-ocr-2505:rawPredict`;
  const fold = foldOf(gemini, {
    name: "ocr",
    path,
    request: { model: "mistral-ocr-2505" },
    reply: {},
    expected: { provider: null, model: null, usage: null, isFinal: false },
    handCalculation: null,
  });

  fold.add({ model: "mistral-ocr-2505", usage_info: { pages_processed: 3 } }, null);

  expect(fold.result()).toMatchObject({ usage: { pages: 3 }, isFinal: true });
  expect(gemini.countsTokens(callOf({ path }))).toBe(false);
});

test("texts of older models count tokens, and characters where that is all", () => {
  const predict = () =>
    foldOf(gemini, {
      name: "predict",
      path: `${project}/publishers/google/models/text-bison:predict`,
      request: {},
      reply: {},
      expected: { provider: null, model: null, usage: null, isFinal: false },
      handCalculation: null,
    });
  const [withTokens, withCharacters] = [predict(), predict()];

  const tokenMetadata = {
    inputTokenCount: { totalTokens: 5 },
    outputTokenCount: { totalTokens: 7 },
  };
  withTokens.add({ predictions: [{ content: "Hi" }], metadata: { tokenMetadata } }, null);
  withCharacters.add({ predictions: [{}], metadata: { billableCharacterCount: 11 } }, null);

  expect(withTokens.result().usage).toEqual({ input: 5, output: 7 });
  expect(withCharacters.result().usage).toEqual({ characters: 11 });
});

test("the OpenAI-like endpoint speaks OpenAI's format under Google's name", () => {
  const fold = post("/endpoints/openapi/chat/completions");
  if (fold === null || fold === "free") throw new Error("no fold");

  fold.add(
    {
      model: "google/gemini-2.5-flash",
      choices: [],
      usage: { prompt_tokens: 3, completion_tokens: 4 },
    },
    null,
  );

  expect(fold.result()).toMatchObject({ provider: "google", usage: { input: 3, output: 4 } });
});
