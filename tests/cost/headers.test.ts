import { afterAll, describe, expect, test } from "bun:test";
import { get, post } from "../gateway/wire.ts";
import { makeKey } from "../helpers/keys.ts";
import { rawRequest, type RawReply } from "../helpers/raw-client.ts";
import { eventReply, jsonReply, rowOf } from "./exchange.ts";
import { startCostHouse } from "./house.ts";

const house = await startCostHouse([
  'path: /embed, target: "UP/v1/embeddings", provider: openai, auth: true',
  'path: /chat, target: "UP/v1/chat/completions", provider: openai, auth: true',
  'path: /flat, target: "UP/flat?api_key=hidden", auth: true, include_subpath: true, cost_per_request: 0.0000001',
  'path: /open, target: "UP/open?api_key=hidden", auth: false',
  'path: /slow, target: "UP/slow", auth: true, cost_per_request: 1',
]);
const { gateway, port, upstream } = house;

afterAll(() => house[Symbol.asyncDispose]());

const { key } = await makeKey(gateway);
const auth = `Authorization: Bearer ${key}`;
const json = "Content-Type: application/json";

describe("x-litellm-response-cost", () => {
  test("of a whole reply, by its usage, without an exponent", async () => {
    const usage = { prompt_tokens: 10, total_tokens: 10 };
    const model = "text-embedding-3-small";
    upstream.scripts.set("/v1/embeddings", jsonReply({ object: "list", data: [], model, usage }));

    const reply = await rawRequest(port, post("/embed", `{"model":"${model}"}`, auth, json));

    expect(reply.values("x-litellm-response-cost")).toEqual(["0.0000002"]); // 10 × $0.02 a million
    const row = await rowOf(gateway, reply.values("x-litellm-call-id")[0]);
    expect(row.spend).toBe(2e-7);
  });

  test("of a whole reply that is coded", async () => {
    const usage = { prompt_tokens: 10, total_tokens: 10 };
    const model = "text-embedding-3-small";
    const body = Bun.gzipSync(Buffer.from(JSON.stringify({ data: [], model, usage })));
    const head = `HTTP/1.1 200 OK\r\n${json}\r\nContent-Encoding: gzip\r\nContent-Length: ${body.length}\r\n\r\n`;
    upstream.scripts.set("/v1/embeddings", [{ write: head }, { write: body }]);

    const reply = await rawRequest(port, post("/embed", `{"model":"${model}"}`, auth, json));

    expect(reply.values("x-litellm-response-cost")).toEqual(["0.0000002"]);
    expect(reply.body.equals(Buffer.from(body))).toBe(true);
  });

  test("a flat one is known before a stream, one by usage is not", async () => {
    const stream = eventReply('data: {"usage":{"prompt_tokens":10,"completion_tokens":1}}\n\n');
    upstream.scripts.set("/flat", stream);
    upstream.scripts.set("/v1/chat/completions", stream);

    const flat = await rawRequest(port, post("/flat", "{}", auth, json));
    const byUsage = await rawRequest(port, post("/chat", '{"model":"gpt-4o"}', auth, json));

    expect(flat.values("x-litellm-response-cost")).toEqual(["0.0000001"]);
    expect(byUsage.values("x-litellm-response-cost")).toEqual([]);
  });

  test("none where it is nothing or not known", async () => {
    upstream.scripts.set("/v1/embeddings", jsonReply({ error: {} }, { status: 400 }));
    upstream.scripts.set("/v1/chat/completions", jsonReply({ object: "chat.completion" }));

    const failed = await rawRequest(port, post("/embed", "{}", auth, json));
    const unknown = await rawRequest(port, post("/chat", "{}", auth, json));

    expect(failed.values("x-litellm-response-cost")).toEqual([]);
    expect(unknown.values("x-litellm-response-cost")).toEqual([]);
  });
});

describe("x-litellm-response-duration-ms and x-litellm-overhead-duration-ms", () => {
  const numberIn = (reply: RawReply, name: string) => {
    const [text = ""] = reply.values(name);
    expect(text).toMatch(/^\d+\.\d+$/);
    return Number(text);
  };

  test("the first holds the upstream's time, the second does not", async () => {
    upstream.scripts.set("/slow", [{ wait: 300 }, ...jsonReply({})]);

    const reply = await rawRequest(port, post("/slow", "{}", auth, json));

    const duration = numberIn(reply, "x-litellm-response-duration-ms");
    const overhead = numberIn(reply, "x-litellm-overhead-duration-ms");
    expect(duration).toBeGreaterThanOrEqual(295);
    expect(overhead).toBeGreaterThan(0);
    expect(duration - overhead).toBeGreaterThanOrEqual(295);
  });

  test("on streams, on errors of the upstream and on replies without a body too", async () => {
    upstream.scripts.set("/flat", eventReply("data: {}\n\n"));
    const stream = await rawRequest(port, get("/flat", auth));
    upstream.scripts.set("/flat", jsonReply({}, { status: 503 }));
    const error = await rawRequest(port, get("/flat", auth));
    upstream.scripts.set("/flat", [{ write: "HTTP/1.1 204 No Content\r\n\r\n" }]);
    const nothing = await rawRequest(port, get("/flat", auth));

    for (const reply of [stream, error, nothing]) {
      numberIn(reply, "x-litellm-response-duration-ms");
      numberIn(reply, "x-litellm-overhead-duration-ms");
    }
  });
});

describe("x-litellm-model-api-base", () => {
  test("who has a key is told where the call went, without its query", async () => {
    const reply = await rawRequest(port, get("/flat/v1/x?q=1", auth));

    expect(reply.values("x-litellm-model-api-base")).toEqual([`${upstream.url}/flat`]);
    expect(reply.text).not.toContain("hidden");
  });

  test("nobody else is", async () => {
    const reply = await rawRequest(port, get("/open"));

    expect(reply.status).toBe(200);
    expect(reply.values("x-litellm-model-api-base")).toEqual([]);
    expect(reply.text).not.toContain(String(upstream.port));
    expect(reply.text).not.toContain("hidden");
  });
});
