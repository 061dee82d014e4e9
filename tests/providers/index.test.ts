import { expect, test } from "bun:test";
import { formatNames, formatOf, formats } from "../../src/providers/index.ts";

const unknown = "https://llm.example.com";

test("the target's host tells whose format it is", () => {
  const served: readonly (readonly [string, string])[] = [
    ["https://api.openai.com", "openai"],
    ["https://eu.api.openai.com", "openai"],
    ["https://my-resource.openai.azure.com", "azure"],
    ["https://my-resource.services.ai.azure.com", "azure"],
    ["https://my-resource.cognitiveservices.azure.com", "azure"],
    ["https://api.anthropic.com", "anthropic"],
    ["https://generativelanguage.googleapis.com", "google"],
    ["https://us-central1-aiplatform.googleapis.com", "google"],
    ["https://bedrock-runtime.eu-central-1.amazonaws.com", "aws"],
    ["https://api.cohere.com", "cohere"],
    ["https://api.mistral.ai", "mistral"],
    ["https://codestral.mistral.ai", "mistral"],
    ["https://api.assemblyai.com", "assemblyai"],
    ["https://api.eu.assemblyai.com", "assemblyai"],
    ["https://llm-gateway.assemblyai.com", "assemblyai"],
    ["https://api.groq.com", "groq"],
    ["https://API.DeepSeek.com.:443", "deepseek"],
    ["https://openrouter.ai", "openrouter"],
    ["wss://api.x.ai", "x-ai"],
  ];

  for (const [origin, id] of served)
    expect([origin, formatOf(null, origin)?.id]).toEqual([origin, id]);
});

test("a host that only looks like one is nobody's", () => {
  for (const origin of [
    unknown,
    "https://api.openai.com.example.com",
    "https://notapi.openai.com.evil",
    "https://example.com/api.openai.com",
    "https://openai.azure.com",
    "http://127.0.0.1:8080",
    "no url",
  ]) {
    expect([origin, formatOf(undefined, origin)?.id]).toEqual([origin, "by-shape"]);
  }
});

test("a route's own word comes before the host", () => {
  expect(formatOf("mistral", "https://api.openai.com")?.id).toBe("mistral");
  expect(formatOf("groq", unknown)?.id).toBe("groq");
});

test("with `none` nothing is looked at", () => {
  expect(formatOf("none", "https://api.openai.com")).toBeNull();
});

test("each name leads to a format, other names to the one they mean", () => {
  for (const name of formatNames) {
    const format = formatOf(name, unknown);

    expect(name === "none" ? format === null : format !== null).toBe(true);
  }
  expect(formatOf("gemini", unknown)?.id).toBe("google");
  expect(formatOf("bedrock", unknown)?.id).toBe("aws");
  expect(formatOf("fireworks_ai", unknown)?.id).toBe("fireworks");
});

test("an unknown name is an error", () => {
  for (const name of ["opnai", "", "by-shape", "constructor", "__proto__"]) {
    expect(() => formatOf(name, unknown)).toThrow(RangeError);
  }
});

test("no two formats have one name", () => {
  const ids = formats.map(({ id }) => id);

  expect(new Set(ids).size).toBe(ids.length);
  expect(new Set(formatNames).size).toBe(formatNames.length);
});
