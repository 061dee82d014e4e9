import { expect, test } from "bun:test";
import { isConsistent, isCount, type Usage } from "../../src/core/usage.ts";
import { formatOf } from "../../src/providers/index.ts";
import { callOf } from "./golden.ts";

test.each<Usage>([
  { input: 10, cached: 11 },
  { input: 10, cacheWrite: 11 },
  { cacheWrite: 10, cacheWrite1h: 11 },
  { input: 20, cacheWrite1h: 11 },
  { input: 10, cached: 4, cachedAudio: 5 },
  { output: 10, reasoning: 11 },
  { input: 10, audioInput: 11 },
  { input: 10, imageInput: 11 },
  { input: 10, videoInput: 11 },
  { output: 10, audioOutput: 11 },
  { output: 0, imageOutput: 1 },
  { pages: 1, annotatedPages: 2 },
])("%j contradicts itself", (usage) => {
  expect(isConsistent(usage)).toBe(false);
});

test.each<Usage>([
  {},
  { input: 10, cached: 10, output: 5, reasoning: 5 },
  { cached: 10 },
  { reasoning: 10 },
  { input: 30, cacheWrite: 20, cacheWrite1h: 20 },
  { seconds: 3, characters: 4 },
])("%j does not", (usage) => {
  expect(isConsistent(usage)).toBe(true);
});

test("more than 1e9 of anything is no count", () => {
  expect(isCount(1e9)).toBe(true);
  expect(isCount(1e9 + 1)).toBe(false);
});

const details = (name: string, parts: object) => ({ [`${name}_tokens_details`]: parts });
const told = { prompt_tokens: 10, completion_tokens: 20 };

test.each<readonly [string, string, object]>([
  ["openai", "/v1/chat/completions", { ...told, ...details("prompt", { cached_tokens: 50 }) }],
  ["openai", "/v1/chat/completions", { ...told, ...details("prompt", { audio_tokens: 11 }) }],
  [
    "bedrock",
    "/model/a/converse",
    { inputTokens: 1, cacheDetails: [{ ttl: "1h", inputTokens: 9 }] },
  ],
  ["openai", "/v1/unknown", { ...told, ...details("prompt", { cached_tokens: 50 }) }],
])("%s: at %s, %j is not believed", (name, path, usage) => {
  const fold = formatOf(name, "")?.fold(callOf({ path })) ?? "free";
  if (fold === "free") throw new Error("no fold");

  fold.add({ usage }, null);

  expect(fold.result().isInvalid).toBe(true);
});

test("an interaction that goes on has used nothing yet, and is booked when it has ended", () => {
  const totals = (input: number, output: number) => ({
    total_input_tokens: input,
    total_output_tokens: output,
    total_tokens: input + output,
  });
  const fold = () => {
    const found = formatOf("gemini", "")?.fold(callOf({ path: "/v1beta/interactions" })) ?? "free";
    if (found === "free") throw new Error("no fold");
    return found;
  };
  const interaction = { id: "int1", model: "gemini-2.5-pro" };
  const [plain, streamed, done] = [fold(), fold(), fold()];

  plain.add({ ...interaction, status: "in_progress", usage: totals(0, 0) }, null);
  streamed.add(
    { interaction: { ...interaction, status: "in_progress", usage: totals(0, 0) } },
    null,
  );
  done.add({ ...interaction, status: "completed", usage: totals(100, 50) }, null);

  for (const one of [plain, streamed]) {
    expect(one.result()).toMatchObject({ usage: null, isFinal: false, once: null });
  }
  streamed.add(
    { interaction: { ...interaction, status: "in_progress", usage: totals(9, 1) } },
    null,
  );
  expect(streamed.result()).toMatchObject({ usage: { input: 9 }, isFinal: false, once: null });
  streamed.add({ interaction: { ...interaction, status: "completed", usage: totals(9, 5) } }, null);
  for (const one of [streamed, done]) {
    expect(one.result()).toMatchObject({ isFinal: true, once: "int1" });
  }
});

test("speech is counted in characters unless its events tell tokens", () => {
  const speech = (request: object) => {
    const fold = formatOf("openai", "")?.fold(callOf({ path: "/v1/audio/speech", request }));
    if (typeof fold !== "object" || fold === null) throw new Error("no fold");
    return fold;
  };
  for (const asked of [{}, { stream: true }, { stream_format: "sse" }]) {
    const fold = speech({ model: "tts-1", input: "Hello", ...asked });
    expect(fold.result().usage).toEqual({ characters: 5 });
    fold.add({ type: "speech.audio.done", usage: { input_tokens: 3, output_tokens: 9 } }, null);
    expect(fold.result()).toMatchObject({ usage: { input: 3, output: 9 }, isFinal: true });
    expect(fold.result().usage).not.toHaveProperty("characters");
  }
});

test("reasoning beyond the output stands beside it", () => {
  const usage = {
    prompt_tokens: 10,
    completion_tokens: 20,
    completion_tokens_details: { reasoning_tokens: 21 },
  };
  const fold = formatOf("groq", "")?.fold(callOf({ path: "/v1/completions" }));
  if (fold === null || fold === undefined || fold === "free") throw new Error("no fold");

  fold.add({ object: "text_completion", model: "m", choices: [], usage }, null);

  expect(fold.result()).toMatchObject({ isInvalid: false, usage: { output: 41, reasoning: 21 } });
});
