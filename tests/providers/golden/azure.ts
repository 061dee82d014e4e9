import type { GoldenCase } from "../golden.ts";
import { nothingTold, openAiChat, openAiTool } from "./openai-parts.ts";

/*
 * Read on 2026-11-21: https://learn.microsoft.com/azure/ai-foundry/openai/reference, its examples in
 * https://github.com/Azure/azure-rest-api-specs (…/AzureOpenAI/inference/stable/2024-10-21/examples). "After": the form
 * is that of the reference, the counts are ours. Azure's prices in the catalogue are OpenAI's where it has none.
 */

const deployment = "/openai/deployments/gpt-4o-mini";
const ask = { messages: [{ role: "user", content: "can you tell me how to care for a parrot?" }] };
const streamed = { ...ask, stream: true, stream_options: { include_usage: true } };

/** What its content filter says of the prompt comes first, without a model. */
const filtered = `data: {"choices":[],"created":0,"id":"","model":"","object":"","prompt_filter_results":[{"prompt_index":0,"content_filter_results":{"hate":{"filtered":false,"severity":"safe"}}}]}\n\n`;
const model = "gpt-4o-mini-2024-07-18";

/** Exchanges with Azure. */
export const azureCases: readonly GoldenCase[] = [
  {
    name: "chat, plain: the path alone tells what answers",
    path: `${deployment}/chat/completions`,
    request: ask,
    reply: {
      id: "chatcmpl-7R1nGnsXO8n4oi9UPz2f3UHdgAYMn",
      created: 1686676106,
      choices: [
        {
          index: 0,
          finish_reason: "stop",
          message: {
            role: "assistant",
            content: "Ahoy matey! So ye be wantin' to care for a parrot",
          },
        },
      ],
      usage: { completion_tokens: 557, prompt_tokens: 33, total_tokens: 590 },
    },
    expected: {
      provider: "azure",
      model: null,
      usage: { input: 33, output: 557 },
      isFinal: true,
    },
    handCalculation: {
      nanoUsd: 339_150,
      working: "gpt-4o-mini: $0.15 in, $0.60 out: 33 x 150 + 557 x 600 = 4,950 + 334,200",
    },
  },
  {
    name: "chat, cached (after the reference)",
    path: "/openai/v1/chat/completions",
    request: { ...ask, model: "gpt-4o-mini" },
    reply: openAiChat(model).reply({
      prompt_tokens: 2006,
      completion_tokens: 300,
      total_tokens: 2306,
      prompt_tokens_details: { cached_tokens: 1920 },
    }),
    expected: {
      provider: "azure",
      model,
      usage: { input: 2006, output: 300, cached: 1920 },
      isFinal: true,
    },
    handCalculation: {
      nanoUsd: 336_900,
      working:
        "$0.15 in, $0.075 cached, $0.60 out: 86 x 150 + 1,920 x 75 + 300 x 600 = 12,900 + 144,000 + 180,000",
    },
  },
  {
    name: "chat, streamed (after the reference)",
    path: `${deployment}/chat/completions`,
    request: streamed,
    reply: filtered + openAiChat(model).stream({ prompt_tokens: 19, completion_tokens: 10 }),
    expected: { provider: "azure", model, usage: { input: 19, output: 10 }, isFinal: true },
    handCalculation: { nanoUsd: 8_850, working: "$0.15 in, $0.60 out: 2,850 + 6,000" },
  },
  {
    name: "chat, streamed with a tool (after the reference)",
    path: `${deployment}/chat/completions`,
    request: streamed,
    reply: filtered + openAiTool(model).stream({ prompt_tokens: 82, completion_tokens: 17 }),
    expected: { provider: "azure", model, usage: { input: 82, output: 17 }, isFinal: true },
    handCalculation: { nanoUsd: 22_500, working: "$0.15 in, $0.60 out: 12,300 + 10,200" },
  },
  {
    name: "chat, streamed and broken off",
    path: `${deployment}/chat/completions`,
    request: streamed,
    reply: filtered + openAiChat(model).begun,
    expected: { provider: "azure", model, usage: null, isFinal: false },
    handCalculation: null,
  },
  {
    name: "embedding (after the reference)",
    path: "/openai/deployments/text-embedding-ada-002/embeddings",
    request: { input: ["this is a test"] },
    reply: {
      object: "list",
      data: [{ object: "embedding", index: 0, embedding: [-0.012838088, -0.007421397] }],
      model: "text-embedding-ada-002",
      usage: { prompt_tokens: 4, total_tokens: 4 },
    },
    expected: {
      provider: "azure",
      model: "text-embedding-ada-002",
      usage: { input: 4 },
      isFinal: true,
    },
    handCalculation: { nanoUsd: 400, working: "$0.10 in: 4 x 100" },
  },
  {
    name: "an error",
    path: `${deployment}/chat/completions`,
    request: ask,
    status: 404,
    reply: {
      error: {
        code: "DeploymentNotFound",
        message: "The API deployment for this resource does not exist.",
      },
    },
    expected: nothingTold,
    handCalculation: null,
  },
];
