import { afterAll, expect, test } from "bun:test";
import { type MadeKey, makeKey, makeTeam } from "../helpers/keys.ts";
import { type Answer, crowd, tally } from "./crowd.ts";
import { getWith, postWith, startHouse } from "./house.ts";

const slow = [
  { wait: 250 },
  { write: "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}" },
];

const routes = [
  'path: /u, target: "UP/u", auth: true',
  'path: /nine, target: "UP/u", auth: true, rpm_limit: 9',
  'path: /rpm, target: "UP/u", auth: true, rpm_limit: 9',
  'path: /tpm, target: "UP/u", auth: true, tpm_limit: 300',
  'path: /slow, target: "UP/slow", auth: true',
  'path: /parallel, target: "UP/slow", auth: true, max_parallel_requests: 5',
];
const house = await startHouse(routes, { upstream: { scripts: { "/slow": slow } } });
const { gateway } = house;

afterAll(() => house[Symbol.asyncDispose]());

/** 17 bytes: with what it asks for, 95 tokens from above. */
const tokens95 = { max_tokens: 90 };

interface Outcome {
  readonly answers: readonly Answer[];
  /** How many went up. */
  readonly sent: number;
}

/** Several keys, called in turn; each limit is met by all of them together. */
async function callAll(keys: readonly MadeKey[], path: string): Promise<Outcome> {
  const before = house.hits();
  const requests = Array.from({ length: 60 }, (_, n) => keys[n % keys.length]);
  const calls = requests.flatMap((key) =>
    key === undefined ? [] : [postWith(key, path, tokens95)],
  );
  const answers = await crowd(house.port, calls);
  return { answers, sent: house.hits() - before };
}

interface Expected {
  readonly passed: number;
  readonly type: string;
  readonly message: RegExp;
}

const ofRpm = (passed: number, whose: string): Expected => ({
  passed,
  type: "429 rate_limited",
  message: new RegExp(
    `The limit of ${whose} is ${passed} requests a minute; it frees in 6[01] s\\.`,
  ),
});
const ofTpm = (whose: string): Expected => ({
  passed: 3,
  type: "429 rate_limited",
  message: new RegExp(`The limit of ${whose} is 300 tokens a minute; it frees in 6[01] s\\.`),
});
const ofParallel = (passed: number, whose: string): Expected => ({
  passed,
  type: "429 parallel_limited",
  message: new RegExp(`The limit of ${whose} is ${passed}; it frees when one of them ends\\.`),
});

function expectRefusals({ answers, sent }: Outcome, { passed, type, message }: Expected) {
  expect(tally(answers)).toEqual({ "200": passed, [type]: 60 - passed });
  expect(sent).toBe(passed);
  for (const answer of answers.filter(({ status }) => status === 429)) {
    expect(answer.message).toMatch(message);
    expect(Number(answer.headers["retry-after"])).toBeGreaterThanOrEqual(1);
  }
}

/** Calls that are to be under way at once have to last. */
const pathFor = (limits: object) => ("max_parallel_requests" in limits ? "/slow" : "/u");

let made = 0;

test.each([
  [{ rpm_limit: 7 }, ofRpm(7, "the key mine-\\w+")],
  [{ tpm_limit: 300 }, ofTpm("the key mine-\\w+")],
  [{ max_parallel_requests: 6 }, ofParallel(6, "the key mine-\\w+")],
])("of a key: %j", async (limits, expected) => {
  const key = await makeKey(gateway, { ...limits, key_alias: `mine-${++made}` });

  const outcome = await callAll([key], pathFor(limits));

  expectRefusals(outcome, expected);
});

test.each([
  [{ rpm_limit: 8 }, ofRpm(8, "the team reds")],
  [{ tpm_limit: 300 }, ofTpm("the team reds")],
  [{ max_parallel_requests: 4 }, ofParallel(4, "the team reds")],
])("of a team, whose two keys share it: %j", async (limits, expected) => {
  const team = await makeTeam(gateway, { ...limits, team_alias: "reds" });
  const inTeam = { team_id: team, rpm_limit: 40, tpm_limit: 100_000, max_parallel_requests: 40 };
  const keys = [await makeKey(gateway, inTeam), await makeKey(gateway, inTeam)];

  const outcome = await callAll(keys, pathFor(limits));

  expectRefusals(outcome, expected);
});

test.each([
  ["/rpm", ofRpm(9, "the route \\S+")],
  ["/tpm", ofTpm("the route \\S+")],
  ["/parallel", ofParallel(5, "the route \\S+")],
])("of a route, whoever calls: %s", async (path, expected) => {
  const keys = [await makeKey(gateway), await makeKey(gateway, { rpm_limit: 50 })];

  const outcome = await callAll(keys, path);

  expectRefusals(outcome, expected);
});

test("the strictest of the three decides, and what one level refuses takes no place in the others", async () => {
  const team = await makeTeam(gateway, { rpm_limit: 15 });
  const strict = await makeKey(gateway, { team_id: team, rpm_limit: 3 });
  const loose = await makeKey(gateway, { team_id: team });

  const before = house.hits();
  const first = await crowd(
    house.port,
    Array.from({ length: 50 }, () => getWith(strict, "/u")),
  );
  const second = await crowd(
    house.port,
    Array.from({ length: 50 }, () => getWith(loose, "/nine")),
  );
  const third = await crowd(
    house.port,
    Array.from({ length: 50 }, () => getWith(loose, "/u")),
  );

  const passed = [first, second, third].map((answers) => tally(answers)["200"]);
  expect(passed).toEqual([3, 9, 3]);
  expect(house.hits() - before).toBe(15);
});

test("a request that needs more tokens than a minute has is told so, and not to try again", async () => {
  const key = await makeKey(gateway, { tpm_limit: 50, key_alias: "small" });

  const before = house.hits();
  const [answer] = await crowd(house.port, [postWith(key, "/u", tokens95)]);

  expect(answer?.status).toBe(429);
  expect(answer?.message).toContain(
    "This request needs 95 tokens; the key small may use 50 a minute.",
  );
  expect(answer?.headers["x-should-retry"]).toBe("false");
  expect(answer?.headers["retry-after"]).toBeUndefined();
  expect(house.hits() - before).toBe(0);
});
