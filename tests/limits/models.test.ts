import { afterAll, describe, expect, test } from "bun:test";
import { gzipSync } from "node:zlib";
import { chunked, get, post } from "../gateway/wire.ts";
import { keyInfo, type MadeKey, makeKey, makeTeam, spendLogs } from "../helpers/keys.ts";
import { call } from "./crowd.ts";
import { postWith, startHouse } from "./house.ts";

const house = await startHouse([
  'path: /any, target: "UP", auth: true, include_subpath: true, cost_per_request: 0.01',
]);
const { gateway, port, upstream } = house;

afterAll(() => house[Symbol.asyncDispose]());

const json = "Content-Type: application/json";
const form = "Content-Type: application/x-www-form-urlencoded";
const multipart = 'Content-Type: multipart/form-data; boundary="B"';

const part = (name: string, value: string) =>
  `--B\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;
const keyed = ({ key }: MadeKey) => `x-api-key: ${key}`;

/** Every way of naming a model. */
const ways: readonly (readonly [string, (key: MadeKey, model: string) => Uint8Array])[] = [
  ["JSON", (key, model) => post("/any", `{"messages":[],"model":"${model}"}`, keyed(key), json)],
  ["urlencoded", (key, model) => post("/any", `a=1&model=${model}&b=2`, keyed(key), form)],
  [
    "multipart",
    (key, model) => {
      const file =
        '--B\r\nContent-Disposition: form-data; name="file"; filename="a.wav"\r\n\r\n\x00\xff\r\n';
      return post("/any", `${file}${part("model", model)}--B--\r\n`, keyed(key), multipart);
    },
  ],
  [
    "Gemini's path",
    (key, model) =>
      post(`/any/v1beta/models/${model}:generateContent`, '{"contents":[]}', keyed(key), json),
  ],
  [
    "Bedrock's path",
    (key, model) => post(`/any/model/${model}/converse`, '{"messages":[]}', keyed(key), json),
  ],
  [
    "Azure's path",
    (key, model) =>
      post(
        `/any/openai/deployments/${model}/chat/completions?api-version=1`,
        "{}",
        keyed(key),
        json,
      ),
  ],
  ["a query", (key, model) => get(`/any/v1/realtime?model=${model}`, keyed(key))],
];

/** The status of one call, and how many went up with it. */
async function outcome(request: Uint8Array): Promise<string> {
  const before = upstream.requests.length;
  const { status, type } = await call(port, request);
  const sent = upstream.requests.length - before;
  return `${status}${type === "" ? "" : ` ${type}`}, ${sent} sent`;
}

const passed = "200, 1 sent";

describe.each(ways)("a model named by %s", (_, request) => {
  test("counts in the key's model_rpm_limit, and others do not", async () => {
    const key = await makeKey(gateway, { model_rpm_limit: { "m-one": 2 } });
    const ask = (model: string) => outcome(request(key, model));

    expect([await ask("m-two"), await ask("m-one"), await ask("m-one")]).toEqual(
      Array.from({ length: 3 }, () => passed),
    );
    expect(await ask("m-one")).toBe("429 rate_limited, 0 sent");
    expect(await ask("m-two")).toBe(passed);
  });

  test("is held against the list of models", async () => {
    const team = await makeTeam(gateway, { models: ["m-*"] });
    const key = await makeKey(gateway, { models: ["m-one", "other"], team_id: team });

    expect(await outcome(request(key, "m-one"))).toBe(passed);
    expect(await outcome(request(key, "m-two"))).toBe("403 model_not_allowed, 0 sent");
    expect(await outcome(request(key, "other"))).toBe("403 model_not_allowed, 0 sent");
  });

  test("is charged to the model's budget", async () => {
    const key = await makeKey(gateway, { model_max_budget: { "m-one": 0.02 } });
    const ask = (model: string) => outcome(request(key, model));

    expect([await ask("m-one"), await ask("m-one")]).toEqual([passed, passed]);
    expect(await ask("m-one")).toBe("429 budget_exceeded, 0 sent");
    expect(await ask("m-two")).toBe(passed);
    expect((await keyInfo(gateway, key.id)).model_spend).toEqual({ "m-one": 0.02 });
  });
});

test("all ways count in one window, and a team's limit is met by all of its keys", async () => {
  const team = await makeTeam(gateway, { model_rpm_limit: { "m-one": ways.length } });
  const key = await makeKey(gateway, { team_id: team });
  const other = await makeKey(gateway, { team_id: team });

  for (const [, request] of ways) expect(await outcome(request(key, "m-one"))).toBe(passed);
  for (const [, request] of ways) {
    expect(await outcome(request(other, "m-one"))).toBe("429 rate_limited, 0 sent");
  }
});

test("model_tpm_limit: by the tokens that are asked for", async () => {
  const key = await makeKey(gateway, { model_tpm_limit: { "m-one": 1_000 } });
  const ask = (model: string, max_tokens: number) =>
    outcome(postWith(key, "/any", { model, max_tokens }));

  expect(await ask("m-one", 900)).toBe(passed);
  expect(await ask("m-one", 200)).toBe("429 rate_limited, 0 sent");
  expect(await ask("m-two", 5_000)).toBe(passed);
  expect(await ask("m-one", 50)).toBe(passed);
});

test("a name that stands twice counts for both", async () => {
  const key = await makeKey(gateway, { model_rpm_limit: { "m-one": 1, "m-two": 2 } });
  const ask = (body: string) => outcome(post("/any", body, keyed(key), json));

  expect(await ask('{"model":"m-one","model":"m-two"}')).toBe(passed);
  expect(await ask('{"model":"m-two","model":"m-one"}')).toBe("429 rate_limited, 0 sent");
  expect(await ask('{"model":"m-free","model":"m-one"}')).toBe("429 rate_limited, 0 sent");
  expect(await ask('{"model":"m-two"}')).toBe(passed); // what was refused took no place
  expect(await ask('{"model":"m-two"}')).toBe("429 rate_limited, 0 sent");
});

test("the case of a name makes no difference: all ways of writing it count as one model", async () => {
  const limits = { model_rpm_limit: { "M-One": 3 }, model_max_budget: { "m-one": 5 } };
  const key = await makeKey(gateway, limits);
  const ask = (body: string) => outcome(post("/any", body, keyed(key), json));

  expect(await ask('{"model":"m-one"}')).toBe(passed);
  expect(await ask('{"model":"M-ONE","Model":"m-one"}')).toBe(passed); // one call, one place
  expect(await ask('{"model":"m-oNE"}')).toBe(passed);
  for (const name of ["M-One", "m-one", "M-ONE", "m-oNE", "m-onE"]) {
    expect(await ask(`{"model":"${name}"}`)).toBe("429 rate_limited, 0 sent");
  }
  expect((await keyInfo(gateway, key.id)).model_spend).toEqual({ "m-one": 0.03 });
});

test("a key as a model's name is recorded nowhere", async () => {
  const key = await makeKey(gateway, { models: ["*"] });

  expect(await outcome(postWith(key, "/any", { model: key.key }))).toBe(passed);
  expect(await outcome(postWith(key, "/any", { model: `a\u001b${"b".repeat(300)}` }))).toBe(passed);

  const models = (await spendLogs(gateway, { api_key: key.id })).map(({ model }) => model);
  expect(models.toSorted()).toEqual([`a${"b".repeat(255)}`, "unknown"]);
});

const named = '{"model":"m-one"}';
const large = `{"model":"m-one","x":"${"x".repeat(1_048_576)}"}`;

const unreadable: readonly (readonly [string, string, (key: MadeKey) => Uint8Array])[] = [
  ["too large", "too large to be looked at", (key) => post("/any", large, keyed(key), json)],
  [
    "too large, of a length that is not said",
    "too large to be looked at",
    (key) => chunked("POST /any", [large.slice(0, 300), large.slice(300)], keyed(key), json),
  ],
  [
    "cut, of a length that is not said",
    "is not a JSON object",
    (key) => chunked("POST /any", ['{"model":', '"m-one"'], keyed(key), json),
  ],
  [
    "gzip-encoded",
    "is encoded",
    (key) => post("/any", gzipSync(named), keyed(key), json, "Content-Encoding: gzip"),
  ],
  [
    "multipart without a model",
    "It names none.",
    (key) => post("/any", `${part("file", "x")}--B--\r\n`, keyed(key), multipart),
  ],
  ["cut JSON", "is not a JSON object", (key) => post("/any", '{"model":"m-one"', keyed(key), json)],
  ["a JSON list", "is not a JSON object", (key) => post("/any", `[${named}]`, keyed(key), json)],
  ["no text", "is not a JSON object", (key) => post("/any", "\x00\xff\xfe", keyed(key), json)],
  [
    "of another type",
    "of a type",
    (key) => post("/any", named, keyed(key), "Content-Type: text/x"),
  ],
  [
    "named in the path, with a body that cannot be read",
    "is encoded",
    (key) =>
      post("/any/models/m-one:x", gzipSync("{}"), keyed(key), json, "Content-Encoding: gzip"),
  ],
];

const limits = [
  { models: ["m-one"] },
  { model_rpm_limit: { "m-one": 5 } },
  { model_tpm_limit: { "m-one": 5_000_000 } },
  { model_max_budget: { "m-one": 5 } },
];

test.each(unreadable)(
  "a body that is %s: refused for whoever is limited by model",
  async (_, why, request) => {
    for (const fields of limits) {
      const key = await makeKey(gateway, fields);
      const before = upstream.requests.length;

      const { status, type, message } = await call(port, request(key));

      expect([status, type, upstream.requests.length - before]).toEqual([
        400,
        "model_unreadable",
        0,
      ]);
      expect(message).toContain(why);
      expect(message).not.toContain("m-one");
    }
    expect(await outcome(request(await makeKey(gateway)))).toBe(passed);
  },
);
