import { expect, test } from "bun:test";
import { sample } from "./sample.ts";

test("one page for a document by its URL, which is not fetched: its size is not known", async () => {
  using upstream = sample();

  const reply = await upstream.json("/mistral/v1/ocr", {
    model: "mistral-ocr-latest",
    document: { type: "document_url", document_url: "https://example.com/a.pdf" },
  });

  expect(reply).toMatchObject({
    pages: [
      {
        index: 0,
        markdown: expect.stringContaining("https://example.com/a.pdf"),
        images: [],
        dimensions: { dpi: 200, height: 2200, width: 1700 },
      },
    ],
    model: "mistral-ocr-latest",
    document_annotation: null,
    usage_info: { pages_processed: 1, doc_size_bytes: null },
  });
});

test.each([
  ["a string", "data:image/png;base64,AAECAw=="],
  ["an object", { url: "data:image/png;base64,AAECAw==" }],
])("the pages asked for, and the size of an inline image given as %s", async (_, image_url) => {
  using upstream = sample();

  const reply = await upstream.json("/v1/ocr", {
    model: "m",
    document: { type: "image_url", image_url },
    pages: [2, 5],
  });

  expect(reply).toMatchObject({
    pages: [{ index: 2 }, { index: 5 }],
    usage_info: { pages_processed: 2, doc_size_bytes: 4 },
  });
  expect(JSON.stringify(reply)).not.toContain("AAECAw");
});
