import { afterAll, describe, expect, test } from "bun:test";
import { chunked, masterKey, post } from "../gateway/wire.ts";
import { keyInfo, makeKey } from "../helpers/keys.ts";
import { rawRequest } from "../helpers/raw-client.ts";
import type { Script } from "../helpers/raw-upstream.ts";
import { chunkedHead, chunks, eventReply, jsonReply, lastChunk, nano, rowOf } from "./exchange.ts";
import { startCostHouseOf } from "./house.ts";

/** An API that nobody knows, as a user describes it. */
const house = await startCostHouseOf(
  (url) => `general_settings:
  master_key: ${masterKey}
  pass_through_endpoints:
    - path: /speak
      target: "${url}/speak"
      auth: true
      provider: acme
      usage:
        model: /engine/name
        units:
          seconds: /audio/duration
          characters: { request: /text, length: true }
          requests: 1
      prices: { seconds: 0.0001, characters: 0.00002, requests: 0.001 }
    - path: /draw
      target: "${url}/draw"
      auth: true
      usage:
        model: { request: /style/model }
        units:
          images: { reply: /pictures, count: true }
      prices: { images: 0.04 }
    - path: /first
      target: "${url}/stream"
      auth: true
      usage:
        model: { value: m }
        units: { input: { reply: /n, over: first } }
      prices: { input: 0.000001 }
    - path: /last
      target: "${url}/stream"
      auth: true
      usage:
        model: { value: m }
        units: { input: /n }
      prices: { input: 0.000001 }
    - path: /sum
      target: "${url}/stream"
      auth: true
      usage:
        model: { value: m }
        units: { input: { reply: /n, over: sum } }
      prices: { input: 0.000001 }
    - path: /listed
      target: "${url}/listed"
      auth: true
      usage:
        model: /model
        units: { input: "/odd~1name/0/t~0n", output: /out }
    - path: /half
      target: "${url}/half"
      auth: true
      usage:
        model: { value: nobody-knows-it }
        units: { pages: /pages, seconds: /seconds }
      prices: { pages: 0.01 }
model_list:
  - model_name: house-model
    litellm_params: { model: acme/house-model }
    model_info: { input_cost_per_token: 0.000003, output_cost_per_token: 0.000015 }
`,
);
const { gateway, port, upstream } = house;

afterAll(() => house[Symbol.asyncDispose]());

const key = await makeKey(gateway);
const auth = `Authorization: Bearer ${key.key}`;
const json = "Content-Type: application/json";

async function call(path: string, upstreamPath: string, script: Script, body: object = {}) {
  upstream.scripts.set(upstreamPath, script);
  const bytes = Buffer.from(JSON.stringify(body));
  const reply = await rawRequest(port, post(path, bytes, auth, json));
  const row = await rowOf(gateway, reply.values("x-litellm-call-id")[0]);
  return { row, cost: reply.values("x-litellm-response-cost") };
}

describe("in the reply, in the request, and constants", () => {
  const spoken = { engine: { name: "loud-2" }, audio: { duration: 12.5, url: "x" } };

  test("each unit has its place and its price", async () => {
    const { row, cost } = await call("/speak", "/speak", jsonReply(spoken), { text: "Grüße 🌍" });

    const usage = { seconds: 12.5, characters: 7, requests: 1 };
    expect(row).toMatchObject({ usage, model: "loud-2", provider: "acme", unpriced: null });
    expect(nano(row.spend)).toBe(1_250_000 + 7 * 20_000 + 1_000_000);
    expect(cost).toEqual(["0.00239"]);
  });

  test("a request that comes in pieces tells as much", async () => {
    upstream.scripts.set("/speak", jsonReply(spoken));
    const pieces = ['{"text":"', "hel", 'lo"', "}\n"];

    const reply = await rawRequest(port, chunked("POST /speak", pieces, auth, json));

    const row = await rowOf(gateway, reply.values("x-litellm-call-id")[0]);
    expect(row.usage).toEqual({ seconds: 12.5, characters: 5, requests: 1 });
  });

  test("a request with a byte order mark too", async () => {
    upstream.scripts.set("/speak", jsonReply(spoken));
    const marked = Buffer.from('\ufeff{"text":"hello"}');

    const reply = await rawRequest(port, post("/speak", marked, auth, json));

    const row = await rowOf(gateway, reply.values("x-litellm-call-id")[0]);
    expect(row.usage).toEqual({ seconds: 12.5, characters: 5, requests: 1 });
  });

  test("a list is counted, and the request names the model", async () => {
    const drawn = { pictures: [{ b64: "x" }, { b64: "y" }, { b64: "z" }] };

    const { row } = await call("/draw", "/draw", jsonReply(drawn), { style: { model: "brush" } });

    expect(row).toMatchObject({ usage: { images: 3 }, model: "brush", spend: 0.12 });
    expect(row.provider).toBe("custom");
  });

  test("a reply that tells nothing: null with the reason, and nothing is booked", async () => {
    const before = (await keyInfo(gateway, key.key)).spend;

    const { row, cost } = await call("/draw", "/draw", jsonReply({ queued: true }));

    expect(row).toMatchObject({ usage: null, spend: null, unpriced: "no_usage", estimated: false });
    expect(cost).toEqual([]);
    expect((await keyInfo(gateway, key.key)).spend).toBe(before);
  });

  test("a reply that is no JSON: null with the reason", async () => {
    const { row } = await call("/draw", "/draw", jsonReply('{"pictures": [1, 2'));

    expect(row).toMatchObject({ usage: null, spend: null, unpriced: "unparsed" });
  });

  test("an error costs nothing, whatever it holds", async () => {
    const { row } = await call("/speak", "/speak", jsonReply(spoken, { status: 422 }));

    expect(row).toMatchObject({ spend: 0, usage: null, status: "failure" });
  });

  test("a count that cannot be: the hold is booked", async () => {
    const wrong = { ...spoken, audio: { duration: -3 } };

    const { row } = await call("/speak", "/speak", jsonReply(wrong), { text: "a" });

    expect(row).toMatchObject({ spend: 0.01, estimated: true, usage: null }); // default_hold
  });
});

describe("over the messages of a stream", () => {
  const messages = [{ n: 5 }, { text: "no count" }, { n: 7 }, { n: 2 }];
  const events = eventReply(messages.map((each) => `data: ${JSON.stringify(each)}\n\n`).join(""));
  const lines = messages.map((each) => `${JSON.stringify(each)}\n`).join("");
  const ndjson = [
    { write: chunkedHead("application/x-ndjson") },
    { write: chunks(lines, 3) },
    { write: lastChunk },
  ];

  test.each([
    ["/first", 5],
    ["/last", 2],
    ["/sum", 14],
  ])("%s", async (path, input) => {
    for (const script of [events, ndjson]) {
      const { row } = await call(path, "/stream", script);

      expect(row.usage?.["input"]).toBe(input);
      expect(nano(row.spend)).toBe(input * 1_000);
      expect(row.model).toBe("m");
    }
  });

  test("a plain reply is a stream of one", async () => {
    const { row } = await call("/sum", "/stream", jsonReply({ n: 9 }));

    expect(row).toMatchObject({ usage: { input: 9 }, spend: 0.000009, estimated: false });
  });
});

test("without prices of the route those of model_list hold", async () => {
  const body = { model: "house-model", "odd/name": [{ "t~n": 100 }], out: 10 };

  const { row } = await call("/listed", "/listed", jsonReply(body));

  expect(row).toMatchObject({ usage: { input: 100, output: 10 }, model: "house-model" });
  expect(nano(row.spend)).toBe(100 * 3_000 + 10 * 15_000);
});

test.each([
  ["a model that has no price", { model: "nobody-knows-it", out: 10 }, "no_price"],
  ["no model", { out: 10 }, "no_model"],
])("%s: null with the reason, the usage is kept", async (_, body, unpriced) => {
  const { row } = await call("/listed", "/listed", jsonReply(body));

  expect(row).toMatchObject({ usage: { output: 10 }, spend: null, unpriced });
});

test("where one of two units has no price the whole has none", async () => {
  const both = await call("/half", "/half", jsonReply({ pages: 2, seconds: 3 }));
  const one = await call("/half", "/half", jsonReply({ pages: 2 }));

  expect(both.row).toMatchObject({ spend: null, unpriced: "no_price" });
  expect(one.row).toMatchObject({ spend: 0.02, usage: { pages: 2 } });
});
