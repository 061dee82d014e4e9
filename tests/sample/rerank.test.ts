import { expect, test } from "bun:test";
import { sample } from "./sample.ts";

const request = {
  model: "rerank-v3.5",
  query: "red fox",
  documents: ["a blue fox", "nothing", "The RED fox."],
};

test.each([
  ["1", "/v1/rerank"],
  ["1", "/rerank"],
  ["2", "/cohere/v2/rerank"],
])("documents are ranked by shared words, version %s at %s", async (version, path) => {
  using upstream = sample();

  const reply = await upstream.json(path, request);

  expect(reply).toEqual({
    id: expect.stringMatching(/^[0-9a-f-]{36}$/),
    results: [
      { index: 2, relevance_score: 1 },
      { index: 0, relevance_score: 0.5 },
      { index: 1, relevance_score: 0 },
    ],
    meta: { api_version: { version }, billed_units: { search_units: 1 } },
  });
});

test("top_n cuts the list, return_documents shows the texts", async () => {
  using upstream = sample();

  const reply = await upstream.json("/v1/rerank", {
    ...request,
    documents: request.documents.map((text) => ({ text })),
    top_n: 1,
    return_documents: true,
  });

  expect(Object(reply).results).toEqual([
    { index: 2, relevance_score: 1, document: { text: "The RED fox." } },
  ]);
});

test("each hundred documents is one search unit", async () => {
  using upstream = sample();

  const reply = await upstream.json("/v2/rerank", { ...request, documents: Array(101).fill("x") });

  expect(reply).toMatchObject({ meta: { billed_units: { search_units: 2 } } });
});
