import { expect, test } from "bun:test";
import { priceOf } from "./priced.ts";

/** Which entry of the catalogue prices a model. */
async function sourceOf(name: string): Promise<string> {
  const priced = await priceOf(name, { input: 1 });
  return "source" in priced ? priced.source : priced.unpriced;
}

test.each([
  ["openai: gpt-4o-2024-11-20", "openai/gpt-4o"],
  ["openai: openai/gpt-4o", "openai/gpt-4o"],
  ["openai: gpt-4.1-2099-01-31", "openai/gpt-4.1"],
  ["openai: gpt-4o-2024-05-13", "openai/gpt-4o-2024-05-13"],
  ["openai: GPT-4o", "openai/gpt-4o"],
  ["openai: ft:gpt-4o-mini-2024-07-18:acme::abc", "openai/ft:gpt-4o-mini"],
  ["openai: ft:gpt-5-2025-08-07:acme::abc", "no_price"],
  ["anthropic: claude-sonnet-4-5-20250929", "anthropic/claude-sonnet-4-5"],
  ["google: models/gemini-2.5-flash", "google/gemini-2.5-flash"],
  ["google: publishers/google/models/gemini-2.5-flash", "google/gemini-2.5-flash"],
  [
    "google: projects/p/locations/l/publishers/anthropic/models/claude-sonnet-4-5@20250929",
    "google/claude-sonnet-4-5",
  ],
  ["azure: gpt-4o-2024-08-06", "azure/gpt-4o"],
  ["azure: our-own-deployment", "no_price"],
  [
    "bedrock: us.anthropic.claude-sonnet-4-5-20250929-v1:0",
    "aws/regional.anthropic.claude-sonnet-4-5-20250929-v1:0",
  ],
  [
    "bedrock: global.anthropic.claude-sonnet-4-5-20250929-v1:0",
    "aws/global.anthropic.claude-sonnet-4-5-20250929-v1:0",
  ],
  [
    "bedrock: arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.anthropic.claude-sonnet-4-5-20250929-v1:0",
    "aws/regional.anthropic.claude-sonnet-4-5-20250929-v1:0",
  ],
  ["bedrock: eu.amazon.nova-lite-v1:0", "aws/amazon.nova-lite-v1:0"],
  ["groq/llama-3.3-70b-versatile", "groq/llama-3.3-70b-versatile"],
  ["vertex_ai/gemini-2.5-flash", "google/gemini-2.5-flash"],
  ["claude-haiku-4-5", "anthropic/claude-haiku-4-5"],
  ["mistral-large-latest", "mistral/mistral-large"],
])("%s is priced as %s", async (name, source) => {
  expect(await sourceOf(name)).toBe(source);
});
