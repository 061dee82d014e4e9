import { afterAll, describe, expect, test } from "bun:test";
import { post } from "../gateway/wire.ts";
import { keyInfo, makeKey } from "../helpers/keys.ts";
import { rawRequest } from "../helpers/raw-client.ts";
import { reply } from "../helpers/raw-upstream.ts";
import { rowOf } from "./exchange.ts";
import { startCostHouse } from "./house.ts";

const hold = 0.03;

const { upstream, gateway, port, ...house } = await startCostHouse(
  [
    "path: /known, target: UP/v1, provider: cohere, auth: true, include_subpath: true",
    "path: /guessed, target: UP/v1, auth: true, include_subpath: true",
  ],
  { settings: [`default_hold: ${hold}`] },
);
afterAll(() => house[Symbol.asyncDispose]());

const units = '{"id":"r","results":[],"meta":{"billed_units":{"search_units":1}}}';

/** What a call by a key with these fields is booked at. */
async function booked(
  path: string,
  body: string,
  answer: string,
  fields: object = {},
  type = "application/json; charset=utf-16",
) {
  const key = await makeKey(gateway, fields);
  upstream.scripts.set(path.replace(/^\/\w+/, "/v1"), [
    reply(200, ["Content-Type: application/json"], answer),
  ]);
  const answered = await rawRequest(
    port,
    post(path, body, `Authorization: Bearer ${key.key}`, `Content-Type: ${type}`),
  );
  const row = await rowOf(gateway, answered.values("x-litellm-call-id")[0]);
  expect((await keyInfo(gateway, key.key)).spend).toBe(row.spend ?? 0);
  return row;
}

const budget = { max_budget: 1 };

describe("what a budgeted call used and nobody can tell costs what was on hold", () => {
  test.each([
    ["a reply without usage", '{"model":"rerank-v3.5"}', "{}", "no_usage"],
    ["a model that nobody names", '{"query":"x"}', units, "no_model"],
    ["a model without a price", '{"model":"rerank-of-nobody"}', units, "no_price"],
    [
      "a reply that cannot be read",
      '{"model":"rerank-v3.5"}',
      `${units.slice(0, -1)},`,
      "unparsed",
    ],
  ])("%s", async (_, body, answer, reason) => {
    const row = await booked("/known/rerank", body, answer, budget);

    expect(row).toMatchObject({ spend: hold, estimated: true, unpriced: reason });
  });

  test("without a budget it is not known, and not booked", async () => {
    const row = await booked("/known/rerank", '{"query":"x"}', units);

    expect(row).toMatchObject({ spend: null, estimated: false, unpriced: "no_model" });
  });

  test("an API that nobody knows, and that tells nothing, is not known", async () => {
    const row = await booked("/guessed/things", '{"a":1}', '{"b":2}', budget);

    expect(row).toMatchObject({ spend: null, unpriced: "no_usage" });
  });
});

describe("the model of a request is read, however it is written", () => {
  test.each([
    ["under a charset that it does not have", '{"model":"rerank-v3.5","query":"x"}'],
    ["behind a byte order mark", '\u00ef\u00bb\u00bf{"model":"rerank-v3.5"}'],
    ["before what is no JSON", '{"model":"rerank-v3.5","top_n":NaN}'],
    ["twice: the last one counts", '{"model":"rerank-of-nobody","model":"rerank-v3.5"}'],
  ])("%s", async (_, body) => {
    const row = await booked("/known/rerank", body, units, budget);

    expect(row).toMatchObject({ model: "rerank-v3.5", unpriced: null, estimated: false });
    expect(row.spend).toBeGreaterThan(0);
  });
});

test("of several models in a long body the dearest counts, and the cost is an estimate", async () => {
  const far = "a".repeat(70_000);
  const body = `{"model":"command-r7b-12-2024","messages":"${far}","model":"command-a-03-2025"}`;
  const limited = { ...budget, tpm_limit: 1_000_000 };
  const answer = '{"id":"c","usage":{"billed_units":{"input_tokens":1000,"output_tokens":100}}}';

  const row = await booked("/known/v2/chat", body, answer, limited, "application/json");

  expect(row).toMatchObject({ estimated: true, spend: 0.0035 }); // $2.50 and $10 a million
});
