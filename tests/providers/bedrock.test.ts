import { expect, test } from "bun:test";
import { bedrock } from "../../src/providers/bedrock.ts";
import { converseFold, invokeFold } from "../../src/providers/bedrock-fold.ts";
import { bedrockCases } from "./golden/bedrock.ts";
import { callOf, testGolden } from "./golden.ts";

testGolden(bedrock, bedrockCases);

const post = (path: string) => bedrock.fold(callOf({ path }));

test.each([
  "bedrock-runtime.us-east-1.amazonaws.com",
  "bedrock-runtime-fips.us-gov-west-1.amazonaws.com",
  "bedrock-runtime.cn-north-1.amazonaws.com.cn",
  "bedrock-runtime.us-east-1.api.aws",
  "vpce-0a1b2c3d-xyz.bedrock-runtime.us-east-1.vpce.amazonaws.com",
  "bedrock-agent-runtime.eu-central-1.amazonaws.com",
])("%s is Bedrock", (host) => {
  expect(bedrock.serves(host)).toBe(true);
});

test.each([
  "s3.us-east-1.amazonaws.com",
  "bedrock-runtime.us-east-1.amazonaws.com.evil.example",
  "notbedrock.us-east-1.amazonaws.com",
])("%s is not", (host) => {
  expect(bedrock.serves(host)).toBe(false);
});

test("what costs nothing by itself is free", () => {
  expect(post("/model/anthropic.claude-3-haiku-20240307-v1:0/count-tokens")).toBe("free");
  expect(post("/async-invoke")).toBe("free");
  expect(bedrock.fold(callOf({ method: "GET", path: "/foundation-models" }))).toBe("free");
});

test("nobody knows what agents, guardrails and speech in both directions use", () => {
  expect(post("/agents/A/agentAliases/B/sessions/C/text")).toBeNull();
  expect(post("/guardrail/one/version/1/apply")).toBeNull();
  expect(post("/model/amazon.nova-sonic-v1:0/invoke-with-bidirectional-stream")).toBeNull();
});

test.each([
  [
    "us.anthropic.claude-sonnet-4-5-20250929-v1:0",
    "us.anthropic.claude-sonnet-4-5-20250929-v1%3A0",
  ],
  ["meta.llama3-8b-instruct-v1:0", "meta.llama3-8b-instruct-v1:0"],
  [
    "arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.amazon.nova-lite-v1:0",
    "arn%3Aaws%3Abedrock%3Aus-east-1%3A123456789012%3Ainference-profile%2Fus.amazon.nova-lite-v1%3A0",
  ],
  [
    "arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/a1b2",
    "arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/a1b2",
  ],
  ["%zz", "%zz"],
])("the model is %s as the path names it", (model, named) => {
  expect(bedrock.modelOfPath(`/model/${named}/converse`)).toBe(model);
});

test("a path without a model names none", () => {
  expect(bedrock.modelOfPath("/foundation-models/amazon.nova-lite-v1:0")).toBeNull();
});

test("caches of an hour are told apart", () => {
  const fold = converseFold("aws");

  fold.add(
    {
      usage: {
        inputTokens: 10,
        outputTokens: 5,
        cacheWriteInputTokens: 300,
        cacheDetails: [
          { ttl: "1h", inputTokens: 100 },
          { ttl: "5m", inputTokens: 200 },
        ],
      },
    },
    "metadata",
  );

  expect(fold.result().usage).toEqual({
    input: 310,
    output: 5,
    cacheWrite: 300,
    cacheWrite1h: 100,
  });
});

test("Bedrock's own counts stand where the model's family tells none", () => {
  const fold = invokeFold("aws");
  const last = { "amazon-bedrock-invocationMetrics": { inputTokenCount: 9, outputTokenCount: 12 } };

  fold.add({ bytes: Buffer.from(JSON.stringify(last)).toString("base64") }, "chunk");

  expect(fold.result()).toMatchObject({ usage: { input: 9, output: 12 }, isFinal: true });
});

test("a stream that ends with an exception is not final, whatever it told", () => {
  const fold = invokeFold("aws");
  const last = { "amazon-bedrock-invocationMetrics": { inputTokenCount: 9, outputTokenCount: 12 } };

  fold.add({ bytes: Buffer.from(JSON.stringify(last)).toString("base64") }, "chunk");
  fold.add({ message: "The model failed." }, "modelStreamErrorException");

  expect(fold.result()).toMatchObject({ usage: { input: 9, output: 12 }, isFinal: false });
});

test("the OpenAI-like path speaks OpenAI's format under Amazon's name", () => {
  const fold = post("/openai/v1/chat/completions");
  if (fold === null || fold === "free") throw new Error("no fold");

  fold.add(
    { model: "openai.gpt-oss-20b-1:0", usage: { prompt_tokens: 3, completion_tokens: 4 } },
    null,
  );

  expect(fold.result()).toMatchObject({ provider: "aws", usage: { input: 3, output: 4 } });
});

test("tokens are counted where a model is asked", () => {
  const counts = (path: string) => bedrock.countsTokens(callOf({ path }));

  expect(counts("/model/amazon.nova-lite-v1:0/converse-stream")).toBe(true);
  expect(counts("/model/amazon.nova-lite-v1:0/count-tokens")).toBe(false);
  expect(counts("/async-invoke")).toBe(false);
});

test("what is no message does no harm", () => {
  const broken = [{ bytes: "%%%" }, { bytes: "eyJ1c2FnZSI6" }, { usage: [1] }];
  for (const message of [null, 7, "text", [], {}, ...broken]) {
    for (const fold of [invokeFold("aws"), converseFold("aws")]) {
      fold.add(message, null);

      expect(fold.result()).toMatchObject({ usage: null, isFinal: false, isInvalid: false });
    }
  }
});

test("counts that the headers alone tell", () => {
  const headers = {
    "x-amzn-bedrock-input-token-count": "12",
    "x-amzn-bedrock-output-token-count": "34",
  };

  expect(bedrock.usageOfHeaders?.(headers)).toEqual({ input: 12, output: 34 });
  expect(bedrock.usageOfHeaders?.({})).toBeNull();
  expect(bedrock.usageOfHeaders?.({ "x-amzn-bedrock-input-token-count": "-1" })).toBeNull();
});
