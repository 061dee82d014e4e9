import { describe, expect, test } from "bun:test";
import { openai } from "../../src/providers/openai.ts";
import { callOf, framesOf, runFold, foldOf, sse, testGolden } from "./golden.ts";
import { openAiCases } from "./golden/openai.ts";
import { openAiMediaCases } from "./golden/openai-media.ts";

describe("what OpenAI's replies tell", () => {
  testGolden(openai, openAiCases);
  testGolden(openai, openAiMediaCases);
});
