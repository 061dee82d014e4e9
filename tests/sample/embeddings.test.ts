import { expect, test } from "bun:test";
import { sample } from "./sample.ts";

async function vectors(json: Promise<unknown>): Promise<unknown[]> {
  return Object(await json).data.map((each: { embedding: unknown }) => each.embedding);
}

test("embeddings are of unit length, the same for the same input and no other", async () => {
  using upstream = sample();

  const reply = await upstream.json("/v1/embeddings", { model: "m", input: ["one", "two", "one"] });

  const [one, two, again] = Object(reply).data.map(
    (each: { embedding: number[] }) => each.embedding,
  );
  expect(reply).toMatchObject({
    object: "list",
    data: [0, 1, 2].map((index) => ({ object: "embedding", index })),
    model: "m",
    usage: { prompt_tokens: 3, total_tokens: 3 },
  });
  expect(one).toHaveLength(64);
  expect(Math.hypot(...one)).toBeCloseTo(1, 5);
  expect(again).toEqual(one);
  expect(two).not.toEqual(one);
});

test("base64 holds the same numbers as little-endian floats, as many as dimensions says", async () => {
  using upstream = sample();
  const request = { model: "m", input: "one", dimensions: 7 };

  const [floats] = await vectors(upstream.json("/embeddings", request));
  const [text] = await vectors(
    upstream.json("/embeddings", { ...request, encoding_format: "base64" }),
  );

  const bytes = Buffer.from(String(text), "base64");
  expect(Array.from({ length: 7 }, (_, index) => bytes.readFloatLE(index * 4))).toEqual(
    Object(floats),
  );
  expect(bytes).toHaveLength(28);
});

test.each([
  ["one list of tokens", [1, 2, 3], 1, 3],
  ["lists of tokens", [[1, 2], [3]], 2, 3],
] as const)("tokens are taken too: %s", async (_, input, count, tokens) => {
  using upstream = sample();

  const reply = await upstream.json("/v1/embeddings", { model: "m", input });

  expect(reply).toMatchObject({ usage: { prompt_tokens: tokens } });
  expect(Object(reply).data).toHaveLength(count);
});
