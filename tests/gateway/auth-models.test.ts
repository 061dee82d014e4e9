import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { gzipSync } from "node:zlib";
import { startGateway } from "../helpers/gateway.ts";
import { rawRequest } from "../helpers/raw-client.ts";
import { startRawUpstream } from "../helpers/raw-upstream.ts";
import { adminOf } from "./admin.ts";
import { chunked, config, errorType, get, lastOf, masterKey, post } from "./wire.ts";

const upstream = await startRawUpstream();
const gateway = await startGateway(
  config(
    [
      `path: /any, target: "${upstream.url}/", auth: true, include_subpath: true`,
      `path: /open, target: "${upstream.url}/", auth: false, include_subpath: true`,
    ],
    `master_key: ${masterKey}`,
  ),
);
const admin = adminOf(gateway.url);

afterAll(async () => {
  await gateway[Symbol.asyncDispose]();
  upstream[Symbol.dispose]();
});

let key = "";
let free = "";

beforeAll(async () => {
  await admin.post("/team/new", { team_id: "models", models: ["gpt-4o*", "gemini-pro"] });
  key = await admin.key({ team_id: "models", models: ["gpt-4o-mini", "gemini-*", "gpt-3.5"] });
  free = await admin.key();
});

const json = "Content-Type: application/json";

async function answerTo(request: Buffer): Promise<string> {
  const before = upstream.requests.length;
  const reply = await rawRequest(gateway.port, request);
  expect(upstream.requests.length - before).toBe(reply.status === 200 ? 1 : 0);
  return reply.status === 200 ? "200" : `${reply.status} ${errorType(reply)}`;
}

const ask = (body: string | Uint8Array, ...lines: readonly string[]) =>
  answerTo(post("/any", body, `x-api-key: ${key}`, ...lines));

const forbidden = "403 model_not_allowed";
const unreadable = "400 model_unreadable";

describe("a key that is limited to models", () => {
  test.each([
    ['{"model":"gpt-4o-mini"}', "200"],
    ['{"model":"gemini-pro"}', "200"],
    ['{"model":"gpt-4o"}', forbidden],
    ['{"model":"gpt-3.5"}', forbidden],
    ['{"model":"gemini-flash"}', forbidden],
    ['{"model":"gpt-4o-mini","model":"gpt-4o"}', forbidden],
    ['{"model":"gpt-4o","model":"gpt-4o-mini"}', forbidden],
    ['{"model":"gpt-4o-mini","\\u006dodel":"gpt-4o"}', forbidden],
    ['{"Model":"gpt-4o","model":"gpt-4o-mini"}', forbidden],
    ['{"model":["gpt-4o-mini"]}', unreadable],
    ['{"messages":[]}', unreadable],
    ["{", unreadable],
  ])("%s: %s", async (body, expected) => {
    expect(await ask(body, json)).toBe(expected);
    expect(await answerTo(post("/open", body, `x-api-key: ${key}`, json))).toBe(expected);
    expect(await answerTo(post("/any", body, `x-api-key: ${free}`, json))).toBe("200");
  });

  test("its body goes up as it came", async () => {
    const body = ' {"model" : "gpt-4o-mini",  "x":1e0, "x":"\\u00e9"}\n';

    expect(await ask(body, json)).toBe("200");
    expect((await lastOf(upstream)).body().toString("latin1")).toBe(body);
  });

  test("is read up to 1 MiB, and refused beyond", async () => {
    const of = (bytes: number) => {
      const text = '{"model":"gpt-4o-mini","x":""}';
      return text.replace('""', `"${"x".repeat(bytes - text.length)}"`);
    };

    expect(await ask(of(65_537), json)).toBe("200");
    expect(await ask(of(1_048_576), json)).toBe("200");
    expect(await ask(of(1_048_577), json)).toBe(unreadable);
    expect((await lastOf(upstream)).bodySize()).toBe(1_048_576);
  });

  test("what cannot be read is refused", async () => {
    const body = '{"model":"gpt-4o-mini"}';

    expect(await ask(gzipSync(body), json, "Content-Encoding: gzip")).toBe(unreadable);
    expect(await ask(body)).toBe(unreadable);
    expect(await ask(body, "Content-Type: text/plain")).toBe(unreadable);
    expect(await ask(body, json, "x-pass-content-type: text/plain")).toBe(unreadable);
  });

  test("without a length it is read too", async () => {
    const of = (...chunks: readonly string[]) =>
      answerTo(chunked("POST /any", chunks, `x-api-key: ${key}`, json));

    expect(await of('{"mod', 'el":"gpt-4o-mini"}')).toBe("200");
    expect((await lastOf(upstream)).body().toString("latin1")).toBe('{"model":"gpt-4o-mini"}');
    expect(await of('{"model":"gpt-4o-mini",', '"model":"gpt-4o"}')).toBe(forbidden);
    expect(await of('{"x":"', "x".repeat(1_048_576), '","model":"gpt-4o-mini"}')).toBe(unreadable);
  });

  test("decoys hide none", async () => {
    const batch = '{"requests":[{"params":{"model":"gpt-4o"}}]}';
    const at = (target: string, body: string) =>
      answerTo(post(target, body, `x-api-key: ${key}`, json));

    expect(await at("/any/batches?model=gpt-4o-mini", batch)).toBe(forbidden);
    expect(await at("/any/models/gpt-4o-mini/x", batch)).toBe(forbidden);
    expect(await at("/any", '{"model":"gpt-4o-mini","models":["gpt-4o"]}')).toBe(forbidden);
    expect(await at("/any?model=gpt-4o-mini", '{"messages":[]}')).toBe(unreadable);
    expect(await at("/any/listen?model=gpt-4o-mini", '{"url":"x"}')).toBe("200");
    expect(await at("/any", `;${"&".repeat(1_000_000)}`)).toBe(unreadable);
  });

  test("multipart is read", async () => {
    const of = (model: string) =>
      `--B\r\nContent-Disposition: form-data; name="${model}"\r\n\r\ngpt-4o-mini\r\n--B--\r\n`;
    const type = "Content-Type: multipart/form-data; boundary=B";

    expect(await ask(of("model"), type)).toBe("200");
    expect(await ask(of("other"), type)).toBe(unreadable);
  });

  test("the path and the query count", async () => {
    const at = (target: string) => answerTo(get(target, `x-api-key: ${key}`));

    expect(await at("/any/v1beta/models/gemini-pro:generateContent")).toBe("200");
    expect(await at("/any/v1beta/models/gemini-flash:generateContent")).toBe(forbidden);
    expect(await at("/any/v1beta/%6dodels/gemini-flash:generateContent")).toBe(forbidden);
    expect(await at("/any/openai/deployments/gpt-4o/chat")).toBe(forbidden);
    expect(await at("/any?model=gpt-4o")).toBe(forbidden);
    expect(await at("/any/v1/files")).toBe("200");
  });

  test("the refusal says why, and no more", async () => {
    const of = async (body: string) =>
      (await rawRequest(gateway.port, post("/any", body, `x-api-key: ${key}`, json))).text;

    expect(await of('{"model":"canary-model"}')).not.toContain("canary-model");
    expect(await of("{}")).toContain("It names none.");
    expect(await of("[]")).toContain("not a JSON object");
  });
});
