import { afterAll, describe, expect, test } from "bun:test";
import { get, post, request, readingFor } from "../gateway/wire.ts";
import { keyInfo, makeKey } from "../helpers/keys.ts";
import { rawRequest } from "../helpers/raw-client.ts";
import { jsonReply, rowOf } from "./exchange.ts";
import { startCostHouse } from "./house.ts";

const house = await startCostHouse([
  ...["openai", "anthropic", "gemini", "cohere", "mistral", "assemblyai"].map(
    (name) => `path: /${name}, target: "UP", provider: ${name}, auth: true, include_subpath: true`,
  ),
  'path: /shaped, target: "UP", auth: true, include_subpath: true',
  'path: /none, target: "UP", provider: none, auth: true, include_subpath: true',
  'path: /flat, target: "UP", auth: true, include_subpath: true, cost_per_request: 0.01',
]);
const { gateway, port, upstream } = house;

afterAll(() => house[Symbol.asyncDispose]());

const key = await makeKey(gateway);
const auth = `Authorization: Bearer ${key.key}`;
const usage = { prompt_tokens: 100, completion_tokens: 10, total_tokens: 110 };
const billed = { object: "chat.completion", model: "gpt-4o", choices: [], usage };

async function call(method: string, path: string) {
  const body = '{"model":"gpt-4o"}';
  const bytes =
    method === "POST"
      ? post(path, body, auth, "Content-Type: application/json")
      : request(`${method} ${path}`, [auth]);
  const reply = await rawRequest(port, bytes, readingFor(method));
  const row = await rowOf(gateway, reply.values("x-litellm-call-id")[0]);
  return { row, reply };
}

const free = { spend: 0, unpriced: null, usage: null, estimated: false, status: "success" };

describe("free calls cost 0, even if their replies show usage", () => {
  test.each([
    ["POST", "/openai/v1/batches"],
    ["GET", "/openai/v1/batches/batch_1"],
    ["GET", "/openai/v1/models"],
    ["POST", "/openai/v1/files"],
    ["GET", "/openai/v1/chat/completions/chatcmpl-1"],
    ["DELETE", "/openai/v1/responses/resp_1"],
    ["POST", "/anthropic/v1/messages/count_tokens"],
    ["POST", "/anthropic/v1/messages/batches"],
    ["GET", "/anthropic/v1/models"],
    ["POST", "/gemini/v1beta/models/gemini-2.5-pro:countTokens"],
    ["POST", "/gemini/v1beta/models/gemini-2.5-pro:batchGenerateContent"],
    ["GET", "/gemini/v1beta/models"],
    ["POST", "/cohere/v1/tokenize"],
    ["GET", "/cohere/v1/models"],
    ["GET", "/mistral/v1/models"],
    ["POST", "/mistral/v1/batch/jobs"],
    ["POST", "/assemblyai/v2/transcript"],
    ["GET", "/assemblyai/v2/transcript"],
  ])("%s %s", async (method, path) => {
    upstream.scripts.set(path.replace(/^\/\w+/, ""), jsonReply(billed));

    const { row, reply } = await call(method, path);

    expect(row).toMatchObject(free);
    expect(reply.values("x-litellm-response-cost")).toEqual([]);
  });
});

describe("what nobody can tell is null with the reason, not 0", () => {
  test.each([
    ["GET", "/shaped/v1/models"],
    ["GET", "/none/v1/models"],
    ["POST", "/none/v1/chat/completions"],
    ["POST", "/shaped/anything"],
    ["POST", "/openai/v1/videos"],
  ])("%s %s", async (method, path) => {
    upstream.scripts.set(path.replace(/^\/\w+/, ""), jsonReply({ data: [] }));

    expect((await call(method, path)).row).toMatchObject({
      spend: null,
      unpriced: "no_usage",
      usage: null,
    });
  });
});

describe("errors cost 0", () => {
  test.each([400, 401, 404, 429, 500, 503, 529])("%d", async (status) => {
    upstream.scripts.set("/v1/chat/completions", jsonReply(billed, { status }));

    for (const route of ["/openai", "/shaped", "/none", "/flat"]) {
      const { row, reply } = await call("POST", `${route}/v1/chat/completions`);

      expect(reply.status).toBe(status);
      expect(row).toMatchObject({ ...free, status: "failure", http_status: status });
    }
  });

  test("of our own too: nothing went up", async () => {
    const before = upstream.requests.length;
    const limited = await makeKey(gateway, { models: ["gpt-4o-mini"] });

    const reply = await rawRequest(
      port,
      post(
        "/openai/v1/chat/completions",
        '{"model":"gpt-4o"}',
        `Authorization: Bearer ${limited.key}`,
        "Content-Type: application/json",
      ),
    );

    expect(reply.status).toBe(403);
    const row = await rowOf(gateway, reply.values("x-litellm-call-id")[0]);
    expect(row).toMatchObject({ ...free, status: "failure" });
    expect(upstream.requests.length).toBe(before);
  });
});

describe("replies without a body", () => {
  const bare = (status: string) => [{ write: `HTTP/1.1 ${status}\r\nX-From: upstream\r\n\r\n` }];

  test.each([
    ["POST", "204 No Content", "/openai/v1/chat/completions", null],
    ["GET", "304 Not Modified", "/openai/v1/models", 0],
    ["DELETE", "204 No Content", "/openai/v1/files/f", 0],
    ["POST", "204 No Content", "/flat/x", 0.01],
    ["GET", "304 Not Modified", "/shaped/v1/models", null],
  ])("%s, %s, %s", async (method, status, path, spend) => {
    upstream.scripts.set(path.replace(/^\/\w+/, ""), bare(status));

    const { row, reply } = await call(method, path);

    expect(reply.status).toBe(Number(status.slice(0, 3)));
    expect(row).toMatchObject({ spend, unpriced: spend === null ? "no_usage" : null, usage: null });
  });

  test.each([
    ["/openai/v1/models", 0],
    ["/flat/x", 0.01],
    ["/shaped/x", null],
  ])("HEAD %s", async (path, spend) => {
    const head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 999\r\n\r\n";
    upstream.scripts.set(path.replace(/^\/\w+/, ""), [{ write: head }]);

    const { row, reply } = await call("HEAD", path);

    expect(reply.body.length).toBe(0);
    expect(row).toMatchObject({ spend, usage: null, status: "success" });
  });
});

describe("a transcript that is polled", () => {
  const transcript = (id: string, status: string) => ({
    id,
    status,
    speech_model_used: "universal-2",
    audio_duration: status === "completed" ? 3_600 : null,
  });

  test("is booked with the first reply that tells its length, and only then", async () => {
    const path = "/v2/transcript/t-1";
    const poll = async (status: string) => {
      upstream.scripts.set(path, jsonReply(transcript("t-1", status)));
      return (await call("GET", `/assemblyai${path}`)).row;
    };
    const mine = await makeKey(gateway);

    expect(await poll("processing")).toMatchObject({ spend: null, unpriced: "no_usage" });
    expect(await poll("completed")).toMatchObject({ spend: 0.15, usage: { seconds: 3_600 } });
    expect(await poll("completed")).toMatchObject({ spend: 0, usage: null, unpriced: null });
    expect(await poll("completed")).toMatchObject({ spend: 0, usage: null });
    const other = await rawRequest(
      port,
      get(`/assemblyai${path}`, `Authorization: Bearer ${mine.key}`),
    );
    const row = await rowOf(gateway, other.values("x-litellm-call-id")[0]);
    expect(row.spend).toBe(0);
    expect((await keyInfo(gateway, mine.key)).spend).toBe(0);
  });

  test("another one is booked by itself", async () => {
    const path = "/v2/transcript/t-2";
    upstream.scripts.set(path, jsonReply(transcript("t-2", "completed")));

    expect((await call("GET", `/assemblyai${path}`)).row.spend).toBe(0.15);
    expect((await call("GET", `/assemblyai${path}`)).row.spend).toBe(0);
  });

  test("polled by many at once it is booked once", async () => {
    const path = "/v2/transcript/t-3";
    upstream.scripts.set(path, [{ wait: 20 }, ...jsonReply(transcript("t-3", "completed"))]);

    const calls = await Promise.all(
      Array.from({ length: 20 }, () => call("GET", `/assemblyai${path}`)),
    );

    expect(calls.filter(({ row }) => row.spend === 0.15).length).toBe(1);
    expect(calls.filter(({ row }) => row.spend === 0).length).toBe(19);
  });
});
