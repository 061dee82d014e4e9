import { expect, test } from "bun:test";
import { cohere, cohereFold } from "../../src/providers/cohere.ts";
import { cohereCases } from "./golden/cohere.ts";
import { callOf, testGolden } from "./golden.ts";

testGolden(cohere, cohereCases);

const post = (path: string) => cohere.fold(callOf({ path }));

test("what costs nothing by itself is free", () => {
  expect(post("/v1/tokenize")).toBe("free");
  expect(post("/v1/detokenize")).toBe("free");
  expect(post("/v1/check-api-key")).toBe("free");
  expect(post("/v1/embed-jobs")).toBe("free");
  expect(cohere.fold(callOf({ method: "GET", path: "/v1/models" }))).toBe("free");
});

test("nobody knows what classifications cost", () => {
  expect(post("/v1/classify")).toBeNull();
});

test("tokens are counted of chats and embeddings, not of searches", () => {
  const counts = (path: string) => cohere.countsTokens(callOf({ path }));

  expect(counts("/v2/chat")).toBe(true);
  expect(counts("/v2/embed")).toBe(true);
  expect(counts("/compatibility/v1/chat/completions")).toBe(true);
  expect(counts("/v2/rerank")).toBe(false);
});

test("its hosts are its own", () => {
  expect(cohere.serves("api.cohere.com")).toBe(true);
  expect(cohere.serves("api.cohere.ai")).toBe(true);
  expect(cohere.serves("notcohere.com")).toBe(false);
});

test("tokens that were read count where nothing says what was billed", () => {
  const fold = cohereFold("cohere");

  fold.add({ usage: { tokens: { input_tokens: 71, output_tokens: 418 } } }, null);

  expect(fold.result()).toMatchObject({ usage: { input: 71, output: 418 }, isFinal: true });
});

test("tokens of images are input too", () => {
  const fold = cohereFold("cohere");

  fold.add({ meta: { billed_units: { input_tokens: 4, image_tokens: 1026, images: 1 } } }, null);

  expect(fold.result().usage).toEqual({ input: 1030, imageInput: 1026, images: 1 });
});

test("the chat in OpenAI's format is Cohere's", () => {
  const fold = post("/compatibility/v1/chat/completions");
  if (fold === null || fold === "free") throw new Error("no fold");

  fold.add({ model: "command-a-03-2025", usage: { prompt_tokens: 3, completion_tokens: 4 } }, null);

  expect(fold.result()).toMatchObject({ provider: "cohere", usage: { input: 3, output: 4 } });
});

test("a count that is none is said to be none", () => {
  const fold = cohereFold("cohere");

  fold.add({ meta: { billed_units: { search_units: -1 } } }, null);

  expect(fold.result()).toMatchObject({ usage: null, isInvalid: true });
});

test("what is no message does no harm", () => {
  for (const message of [null, 7, "text", [], {}, { meta: null }, { usage: { billed_units: 3 } }]) {
    const fold = cohereFold("cohere");

    fold.add(message, null);

    expect(fold.result()).toMatchObject({ usage: null, isFinal: false, isInvalid: false });
  }
});
