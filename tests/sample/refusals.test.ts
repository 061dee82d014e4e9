import { describe, expect, test } from "bun:test";
import { sample } from "./sample.ts";

const message = expect.any(String);
const openAi = { error: { message, type: "invalid_request_error", code: null } };
const anthropic = { type: "error", error: { type: "invalid_request_error", message } };
const cohere = { id: expect.any(String), message };
const mistral = { object: "error", message, type: "invalid_request_error", raw_status_code: 400 };

describe.each([
  ["/v1/chat/completions", openAi],
  ["/v1/responses", openAi],
  ["/v1/embeddings", openAi],
  ["/v1/messages", anthropic],
  ["/v1/rerank", cohere],
  ["/v2/rerank", cohere],
  ["/v1/ocr", mistral],
])("%s", (path, shape) => {
  test.each([
    ["no body", ""],
    ["broken JSON", '{"model": "m"'],
    ["bytes that are not UTF-8", '{"model":"\xff"}'],
    ["endless nesting", "[".repeat(200_000)],
    ["a list", "[]"],
    ["missing fields", "{}"],
    ["nothing but a model", '{"model":"m"}'],
  ])("refuses %s in the provider's shape", async (_, body) => {
    using upstream = sample();

    const response = await fetch(upstream.url + path, {
      method: "POST",
      headers: { "content-type": "application/json; charset=utf-8" },
      body: Buffer.from(body, "latin1"),
    });

    expect(response.status).toBe(400);
    expect(response.headers.get("x-sample-upstream")).toBe("tollgate");
    expect(await response.json()).toMatchObject(shape);
  });
});

test("a refusal names the field at fault", async () => {
  using upstream = sample();

  const reply = await upstream.json("/v1/chat/completions", {
    model: "m",
    messages: [{ role: "user", content: 7 }],
  });

  expect(reply).toMatchObject({
    error: {
      message: "messages.0.content: Expected union value.",
      param: "messages.0.content",
    },
  });
});

test("JSON that would fill the memory is refused", async () => {
  using upstream = sample();

  const response = await upstream.post("/v1/messages", " ".repeat(33 * 1024 * 1024));

  expect(response.status).toBe(413);
  expect(await response.json()).toMatchObject({ error: { type: "request_too_large" } });
});
