import { afterAll, expect, test } from "bun:test";
import { gzipSync } from "node:zlib";
import { post } from "../gateway/wire.ts";
import { type MadeKey, keyInfo, makeKey, makeTeam } from "../helpers/keys.ts";
import { reply } from "../helpers/raw-upstream.ts";
import { call, tally, times } from "./crowd.ts";
import { getWith, postWith, startHouse } from "./house.ts";

const house = await startHouse(
  [
    'path: /u, target: "UP", auth: true, include_subpath: true, max_body_size: 2000000',
    'path: /paid, target: "UP", auth: true, cost_per_request: 1',
    'path: /broken, target: "UP/500", auth: true, cost_per_request: 1',
    'path: /nobody, target: "http://127.0.0.1:1", auth: true, cost_per_request: 1',
    'path: /late, target: "UP/late", auth: true, timeout: 0.2, cost_per_request: 1',
    'path: /route, target: "UP", auth: true, rpm_limit: 4, cost_per_request: 1',
  ],
  { upstream: { scripts: { "/500": [reply(500, [], "{}")], "/late": [{ end: "hang" }] } } },
);
const { gateway, port } = house;

afterAll(() => house[Symbol.asyncDispose]());

const json = "Content-Type: application/json";
const keyed = ({ key }: MadeKey) => `x-api-key: ${key}`;

const refusals: readonly (readonly [string, object, number, (key: MadeKey) => Uint8Array])[] = [
  ["a budget", { max_budget: 0.5 }, 429, (key) => getWith(key, "/paid")],
  ["a size", {}, 413, (key) => post("/u", new Uint8Array(2_000_001), keyed(key))],
  [
    "a model that is not allowed",
    { models: ["a"] },
    403,
    (key) => postWith(key, "/u", { model: "b" }),
  ],
  [
    "a model that cannot be read",
    { model_rpm_limit: { a: 1 } },
    400,
    (key) => post("/u", gzipSync("{}"), keyed(key), json, "Content-Encoding: gzip"),
  ],
  ["tokens", { tpm_limit: 10 }, 429, (key) => postWith(key, "/u", { max_tokens: 100 })],
  [
    "a body where none may be",
    {},
    400,
    (key) =>
      Buffer.concat([
        Buffer.from(
          `GET /u HTTP/1.1\r\nHost: localhost\r\n${keyed(key)}\r\nContent-Length: 1\r\n\r\nx`,
        ),
      ]),
  ],
];

test.each(refusals)(
  "what is refused for %s takes no place in a minute",
  async (_, fields, status, request) => {
    const team = await makeTeam(gateway, { rpm_limit: 4 });
    const key = await makeKey(gateway, {
      ...fields,
      team_id: team,
      rpm_limit: 4,
      max_parallel_requests: 2,
    });
    const before = house.hits();

    for (let n = 0; n < 6; n++) expect((await call(port, request(key))).status).toBe(status);

    expect(house.hits()).toBe(before);
    const allowed = Object.hasOwn(fields, "models") ? "/u/v1/models" : "/u/x";
    const answers = await Promise.all([1, 2].map(() => call(port, getWith(key, allowed))));
    answers.push(...(await times(port, 1, getWith(key, allowed))));
    answers.push(...(await times(port, 1, getWith(key, allowed))));
    expect(tally(answers)).toEqual({ "200": 4 });
    expect((await call(port, getWith(key, allowed))).type).toBe("rate_limited");
  },
);

test("a budget's refusal gives the route's place back too", async () => {
  const poor = await makeKey(gateway, { max_budget: 0.5 });
  const rich = await makeKey(gateway, { max_budget: 50 });

  expect(tally(await times(port, 20, getWith(poor, "/route")))).toEqual({
    "429 budget_exceeded": 20,
  });
  expect(tally(await times(port, 20, getWith(rich, "/route")))).toEqual({
    "200": 4,
    "429 rate_limited": 16,
  });
});

const failures: readonly (readonly [path: string, status: number, spend: number])[] = [
  ["/broken", 500, 0],
  ["/nobody", 502, 0],
  ["/late", 504, 3], // nobody knows what became of it there
];

test.each(failures)(
  "a call to %s that fails with %i keeps its place",
  async (path, status, spend) => {
    const key = await makeKey(gateway, { rpm_limit: 3, max_budget: 10 });

    const answers = await times(port, 10, getWith(key, path));

    expect(answers.filter((answer) => answer.status === status).length).toBe(3);
    expect(answers.filter(({ type }) => type === "rate_limited").length).toBe(7);
    expect(await keyInfo(gateway, key.id)).toMatchObject({ spend, held: 0 });
  },
);
