import { describe, expect, test } from "bun:test";
import type { UsageFormat } from "../../src/core/metering.ts";
import { formatOf } from "../../src/providers/index.ts";
import { callOf } from "./golden.ts";

const openAiReply = {
  object: "chat.completion",
  model: "gpt-4o",
  choices: [{ message: { content: "Hi" }, finish_reason: "stop" }],
  usage: { prompt_tokens: 4, completion_tokens: 2 },
};
const geminiReply = {
  candidates: [{ content: { parts: [{ text: "Hi" }] }, finishReason: "STOP" }],
  usageMetadata: { promptTokenCount: 4, candidatesTokenCount: 2 },
  modelVersion: "gemini-2.5-pro",
};
const converseReply = { output: {}, usage: { inputTokens: 4, outputTokens: 2 } };
const messageReply = { type: "message", model: "m", usage: { input_tokens: 4, output_tokens: 2 } };
const cohereReply = { id: "1", usage: { billed_units: { input_tokens: 4, output_tokens: 2 } } };
const gemini = "/v1beta/models/gemini-2.5-pro";
const claude = "/model/anthropic.claude-3-5-sonnet-20240620-v1:0";

const evading: Readonly<Record<string, readonly [reply: object, ...paths: string[]]>> = {
  openai: [
    openAiReply,
    "/v1/chat/completions//",
    "/v1//chat/completions",
    "/v1/chat%2Fcompletions",
    "/v1/chat/completion%73",
    "/v1/chat/completions%20",
    "/v1/chat/completions;x=1",
    "/V1/Chat/Completions",
    "/v1/responses//",
    "/v1/files/..%2fchat%2fcompletions",
    "/v1/files%2Fx%2Fcompletion",
    "/v1/files/x/y/z",
    "/v1/files/x%2Fy",
    `/${"x/".repeat(2_000)}v1/chat/completions`,
    "/v1/videos",
  ],
  google: [
    geminiReply,
    `${gemini}%3AgenerateContent`,
    `${gemini}:%67enerateContent`,
    `${gemini}:generateContent//`,
    `${gemini}:generateContent;x=1`,
    "/v1beta/corpora/models/gemini-2.5-pro:generateContent",
    "/v1beta/files/..%2fmodels/gemini-2.5-pro:generateContent",
    "/v1beta/fileSearchStores/one/models/gemini-2.5-pro:generateAnything",
    "/v1beta/cachedContents",
  ],
  aws: [
    converseReply,
    `${claude}/%63onverse`,
    `${claude}/converse//`,
    `${claude}/converse/async-invoke`,
    `${claude}/converse/count-tokens`,
    `${claude}%2Fconverse`,
    "/agents/A/text",
  ],
  azure: [
    openAiReply,
    "//openai/deployments/a/chat/completions",
    "/OpenAI/deployments/a/chat/completions",
    "/openai/deployments/a/Chat/Completions",
    "/openai/v1/chat%2fcompletions",
    "/anthropic/v1/anything",
  ],
  anthropic: [
    messageReply,
    "/v1/messages//",
    "/v1/message%73",
    "/v1/messages/batches/a/b/c",
    "/v1/Messages",
  ],
  cohere: [cohereReply, "/v2/chat//", "/v2/ch%61t", "/v1/connectors/a/b/c/d/e", "/v1/classify"],
  mistral: [openAiReply, "/v1/libraries/a/chat/completions", "/v1/agents%2Fcompletions"],
  assemblyai: [openAiReply, "/lemur/v3/generate/task", "/v1/chat/completions/;x"],
  cloudflare: [openAiReply, "/client/v4/zones"],
};

describe.each(Object.entries(evading))("%s", (name, [reply, ...paths]) => {
  test.each(paths)("what %j tells is read, as the provider's own", (path) => {
    for (const method of ["POST", "PUT", "PATCH"]) {
      expect(tell(known(name), { method, path }, reply)).toMatchObject({
        provider: name,
        usage: { input: 4, output: 2 },
        isFinal: true,
        isInvalid: false,
      });
    }
  });
});

test("the shape alone is read of PATCH too", () => {
  const byShape = formatOf(null, "https://llm.example.com");
  if (byShape === null) throw new Error("no format");

  for (const method of ["POST", "PUT", "PATCH"]) {
    expect(tell(byShape, { method, path: "/any" }, openAiReply)).toMatchObject({
      provider: "openai",
      usage: { input: 4, output: 2 },
    });
  }
  for (const method of ["GET", "DELETE"]) {
    expect(byShape.fold(callOf({ method, path: "/any" }))).toBeNull();
  }
});

test("what is known to cost nothing stays free", () => {
  const free: readonly (readonly [string, ...string[]])[] = [
    ["openai", "/v1/files", "/v1/batches/", "/v1//batches/b/cancel", "/v1/responses/r/cancel"],
    ["openai", "/v1/uploads/u/parts", "/v1/vector_stores/v/search", "/v1/threads/t/messages"],
    ["openai", "/v1/organization/projects/p/api_keys", "/v1/fine_tuning/jobs/j/cancel"],
    ["anthropic", "/v1/messages/count_tokens", "/v1/messages/batches/b/cancel", "/v1/files"],
    ["google", `${gemini}:countTokens`, "/upload/v1beta/files", "/v1beta/corpora/c:query"],
    ["aws", "/async-invoke", `${claude}/count-tokens`],
    ["aws", "/model/arn%3Aaws%3Abedrock%3Aus-east-1%3A1%3Ainference-profile/a/count-tokens"],
    ["azure", "/openai/files", "/anthropic/v1/messages/batches"],
    ["cohere", "/v1/tokenize", "/v1/embed-jobs/e/cancel", "/v1/connectors/c"],
    ["mistral", "/v1/agents/a", "/v1/libraries/l/documents", "/v1/batch/jobs/j/cancel"],
    ["assemblyai", "/v2/upload/", "/v2/transcript"],
    ["groq", "/openai/v1/files", "/openai/v1/messages/count_tokens"],
  ];
  for (const [name, ...paths] of free) {
    for (const path of paths) {
      expect([path, known(name).fold(callOf({ path }))]).toEqual([path, "free"]);
    }
  }
  expect(known("openai").fold(callOf({ method: "GET", path: "/v1/a%2Fb" }))).toBe("free");
});

test("models keep their case, and tokens are counted whatever the path's dress", () => {
  const named: readonly (readonly [string, string, string])[] = [
    ["azure", "//OpenAI/Deployments/My%20GPT/chat/completions", "My GPT"],
    ["google", "/v1beta/models%2FMy-Model:generateContent;x", "My-Model"],
    ["aws", `${claude.replace(":", "%3A")}/%63onverse//`, claude.slice("/model/".length)],
    ["aws", "/model/arn%3Aaws%3Ab%2FC/invoke", "arn:aws:b/C"],
    ["aws", "/model/a%2541/invoke", "a%41"],
    ["cloudflare", "/accounts/a/ai/run/%40cf/meta/Llama", "@cf/meta/Llama"],
  ];
  for (const [name, path, model] of named) expect(known(name).modelOfPath(path)).toBe(model);

  expect(known("openai").countsTokens(callOf({ path: "/v1/chat%2Fcompletions//" }))).toBe(true);
  expect(known("azure").countsTokens(callOf({ path: "/OpenAI/v1/Responses" }))).toBe(true);
  expect(known("google").countsTokens(callOf({ path: `${gemini}%3AgenerateContent` }))).toBe(true);
  expect(known("aws").modelOfPath(`/model/${"a".repeat(3_000)}/invoke`)).toBeNull();
});

function known(name: string): UsageFormat {
  const format = formatOf(name, "");
  if (format === null) throw new Error(name);
  return format;
}

function tell(format: UsageFormat, call: { method: string; path: string }, message: object) {
  const fold = format.fold(callOf(call));
  if (fold === null || fold === "free") throw new Error(`${call.path} is ${fold}`);
  const text = JSON.stringify(message);
  expect(fold.markers.some((marker) => text.includes(marker))).toBe(true);
  fold.add(message, null);
  return fold.result();
}
