import { expect, test } from "bun:test";
import { mistral } from "../../src/providers/mistral.ts";
import { callOf, testGolden } from "./golden.ts";
import { mistralMediaCases } from "./golden/mistral-media.ts";
import { mistralCases } from "./golden/mistral.ts";

testGolden(mistral, mistralCases);
testGolden(mistral, mistralMediaCases);

test("batches, files, agents as things and whatever is read cost nothing", () => {
  for (const path of ["/v1/batch/jobs", "/v1/files", "/v1/agents", "/v1/agents/ag_1"]) {
    expect(mistral.fold(callOf({ path }))).toBe("free");
  }
  for (const path of ["/v1/models", "/v1/ocr", "/v1/conversations/conv_1"]) {
    expect(mistral.fold(callOf({ method: "GET", path }))).toBe("free");
  }
});

test("tokens are estimated for what answers in tokens, not for documents and audio", () => {
  const counts = (path: string) => mistral.countsTokens(callOf({ path }));

  expect(
    ["/v1/chat/completions", "/v1/fim/completions", "/v1/agents/completions"].every(counts),
  ).toBe(true);
  expect(["/v1/conversations", "/v1/conversations/conv_1/restart"].every(counts)).toBe(true);
  expect(["/v1/ocr", "/v1/audio/transcriptions", "/v1/audio/speech"].some(counts)).toBe(false);
});

test("pages that cannot be a count make the whole unbelievable", () => {
  for (const pages_processed of [-1, "29", 1e308, {}]) {
    const fold = mistral.fold(callOf({ path: "/v1/ocr" }));
    if (fold === null || fold === "free") throw new Error("no fold");
    fold.add({ model: "mistral-ocr-2505", usage_info: { pages_processed } }, null);

    expect(fold.result()).toMatchObject({ usage: null, isInvalid: true, isFinal: false });
  }
});
