import { expect, test } from "bun:test";
import { assemblyai } from "../../src/providers/assemblyai.ts";
import { callOf, testGolden } from "./golden.ts";
import { assemblyAiCases } from "./golden/assemblyai.ts";

testGolden(assemblyai, assemblyAiCases);

test("uploads, orders and what is read beside the transcript cost nothing by themselves", () => {
  for (const path of ["/v2/transcript", "/v2/transcript/", "/v2/upload"]) {
    expect(assemblyai.fold(callOf({ path }))).toBe("free");
  }
  for (const path of [
    "/v2/transcript",
    "/v2/transcript/t1/srt",
    "/v2/transcript/t1/redacted-audio",
  ]) {
    expect(assemblyai.fold(callOf({ method: "GET", path }))).toBe("free");
  }
  expect(assemblyai.fold(callOf({ method: "DELETE", path: "/v2/transcript/t1" }))).toBe("free");
});

test("what nobody knows is null: its language models of old", () => {
  expect(assemblyai.fold(callOf({ path: "/lemur/v3/generate/task" }))).toBeNull();
});

test("tokens are estimated at the gateway of language models alone", () => {
  const counts = (path: string) => assemblyai.countsTokens(callOf({ path }));

  expect(counts("/v1/chat/completions")).toBe(true);
  expect(counts("/v2/transcript")).toBe(false);
});
