import { afterAll, expect, test } from "bun:test";
import { type MadeKey, makeKey, makeTeam } from "../helpers/keys.ts";
import { reply } from "../helpers/raw-upstream.ts";
import { type Answer, call, times } from "./crowd.ts";
import { getWith, postWith, startHouse } from "./house.ts";

const ofUpstream = [
  "x-ratelimit-limit-requests: 5000",
  "x-ratelimit-remaining-requests: 4999",
  "x-ratelimit-reset-requests: 12ms",
  "x-litellm-key-spend: 77",
  "Content-Type: application/json",
];
const house = await startHouse(
  [
    'path: /u, target: "UP", auth: true, include_subpath: true',
    'path: /paid, target: "UP", auth: true, include_subpath: true, cost_per_request: 0.25',
    'path: /open, target: "UP", auth: false, rpm_limit: 3',
  ],
  {
    upstream: {
      scripts: {
        "/own": [reply(200, ofUpstream, "{}")],
        "/500": [reply(500, [], "{}")],
        "/sse": [
          { write: "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n" },
          { write: "Content-Length: 9\r\n\r\ndata: x\n\n" },
        ],
      },
    },
  },
);
const { gateway, port } = house;

afterAll(() => house[Symbol.asyncDispose]());

const at = (key: MadeKey, path: string): Promise<Answer> => call(port, getWith(key, path));

/** Headers that speak of limits or money. */
function told({ headers }: Answer): Record<string, string> {
  const own = /^(x-ratelimit-|x-litellm-key-|x-litellm-response-cost|retry-after)/;
  return Object.fromEntries(Object.entries(headers).filter(([name]) => own.test(name)));
}

test("a reply tells what the key may use, what is left of it, and what the call cost", async () => {
  const key = await makeKey(gateway, { rpm_limit: 5, tpm_limit: 1_000, max_budget: 2 });

  const first = told(await at(key, "/paid"));
  const second = told(await call(port, postWith(key, "/paid", { max_tokens: 90 })));
  const third = told(await at(key, "/paid/sse"));

  const always = {
    "x-litellm-key-max-budget": "2",
    "x-litellm-key-rpm-limit": "5",
    "x-litellm-key-tpm-limit": "1000",
    "x-litellm-response-cost": "0.25",
    "x-ratelimit-limit-requests": "5",
    "x-ratelimit-limit-tokens": "1000",
  };
  expect([first, second, third]).toMatchObject([
    { ...always, "x-ratelimit-remaining-requests": "4", "x-ratelimit-remaining-tokens": "1000" },
    { ...always, "x-ratelimit-remaining-requests": "3", "x-ratelimit-remaining-tokens": "905" },
    { ...always, "x-ratelimit-remaining-requests": "2", "x-ratelimit-remaining-tokens": "905" },
  ]);
  const spends = [first, second, third].map((headers) => Number(headers["x-litellm-key-spend"]));
  expect(spends).toEqual([0, 0.25, 0.5]);
});

test("the upstream's own rate limits win; what it says of our keys does not", async () => {
  const key = await makeKey(gateway, { rpm_limit: 5 });

  const answer = told(await at(key, "/u/own"));

  expect(answer).toEqual({
    "x-ratelimit-limit-requests": "5000",
    "x-ratelimit-remaining-requests": "4999",
    "x-ratelimit-reset-requests": "12ms",
    "x-litellm-key-rpm-limit": "5",
    "x-litellm-key-spend": "0",
  });
});

test("a key without limits is told of none, and nothing of a price where there is none", async () => {
  const team = await makeTeam(gateway, { rpm_limit: 50, max_budget: 9 });
  const key = await makeKey(gateway, { team_id: team });

  expect(told(await at(key, "/u"))).toEqual({ "x-litellm-key-spend": "0" });
  expect(told(await at(key, "/paid/500"))).toEqual({ "x-litellm-key-spend": "0" });
  expect(told(await call(port, "GET /open HTTP/1.1\r\nHost: localhost\r\n\r\n"))).toEqual({});
});

test("a 429 of a rate tells the limit, that nothing is left, and when it frees", async () => {
  const key = await makeKey(gateway, { rpm_limit: 2, max_budget: 1 });

  const answers = await times(port, 3, getWith(key, "/u"));

  const refused = answers.find(({ status }) => status === 429);
  expect(refused).toBeDefined();
  const headers: Readonly<Record<string, string>> = refused?.headers ?? {};
  const seconds = Number(headers["retry-after"]);
  expect([60, 61]).toContain(seconds);
  expect(headers).toMatchObject({
    "x-ratelimit-limit-requests": "2",
    "x-ratelimit-remaining-requests": "0",
    "x-ratelimit-reset-requests": `${seconds}s`,
  });
  expect(headers["content-type"]).toContain("application/json");
  expect(headers["x-litellm-call-id"]).toMatch(/^[0-9a-f-]{36}$/);
  expect(JSON.parse(refused?.body ?? "{}")).toMatchObject({
    error: { type: "rate_limited", code: "429", param: null },
  });
});
