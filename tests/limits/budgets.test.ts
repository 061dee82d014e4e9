import { expect, test } from "bun:test";
import { keyInfo, makeKey, makeTeam, spendLogs, teamInfo } from "../helpers/keys.ts";
import { reply } from "../helpers/raw-upstream.ts";
import { call, crowd, tally, times } from "./crowd.ts";
import { getWith, postWith, startHouse } from "./house.ts";

const priced =
  'path: /paid, target: "UP", auth: true, include_subpath: true, cost_per_request: 0.10';

test("500 calls at once on ten slots of a key: ten reach the upstream, 490 are told the budget", async () => {
  await using house = await startHouse([priced]);
  const { gateway, port } = house;
  const key = await makeKey(gateway, { max_budget: 1, key_alias: "ten-slots" });

  const answers = await times(port, 500, getWith(key, "/paid"));

  expect(house.hits()).toBe(10);
  expect(tally(answers)).toEqual({ "200": 10, "429 budget_exceeded": 490 });
  const refused = answers.filter(({ status }) => status === 429);
  expect(new Set(refused.map(({ headers }) => headers["x-should-retry"]))).toEqual(
    new Set(["false"]),
  );
  expect(refused.filter(({ headers }) => headers["retry-after"] !== undefined)).toEqual([]);
  for (const { message } of refused) {
    expect(message).toContain("The budget of the key ten-slots");
    expect(message).toContain("of $1; this call needs $0.1. It does not come back by itself.");
  }
  expect(await keyInfo(gateway, key.key)).toMatchObject({ spend: 1, held: 0 });
  const rows = await spendLogs(gateway, { api_key: key.id });
  expect(rows.length).toBe(500);
  expect(rows.filter(({ spend }) => spend === 0.1).length).toBe(10);
  expect(rows.filter(({ spend, http_status }) => spend === 0 && http_status === 429).length).toBe(
    490,
  );
});

test("the same of a team, a route and everybody, each told whose budget it is and when it frees", async () => {
  await using house = await startHouse(
    [
      'path: /team, target: "UP/team", auth: true, cost_per_request: 0.10',
      'path: /route, target: "UP/route", auth: false, cost_per_request: 0.10, max_budget: 1, budget_duration: 30d',
      'path: /all, target: "UP/all", auth: false, cost_per_request: 0.10',
    ],
    { yaml: "litellm_settings: { max_budget: 3, budget_duration: 1d }\n" },
  );
  const { gateway, port } = house;
  const team = await makeTeam(gateway, { max_budget: 1, budget_duration: "7d", team_alias: "red" });
  const key = await makeKey(gateway, { team_id: team, max_budget: 50 });

  const ofTeam = await times(port, 100, getWith(key, "/team"));
  const ofRoute = await times(port, 100, "GET /route HTTP/1.1\r\nHost: localhost\r\n\r\n");
  const ofAll = await times(port, 100, "GET /all HTTP/1.1\r\nHost: localhost\r\n\r\n");

  expect([house.hits("/team"), house.hits("/route"), house.hits("/all")]).toEqual([10, 10, 10]);
  const refusals = [ofTeam, ofRoute, ofAll].map((answers) => {
    expect(tally(answers)).toEqual({ "200": 10, "429 budget_exceeded": 90 });
    return answers.find(({ status }) => status === 429);
  });
  expect(refusals[0]?.message).toContain("The budget of the team red");
  expect(refusals[1]?.message).toContain("The budget of the route");
  expect(refusals[2]?.message).toContain("The budget of everybody together");
  for (const refusal of refusals) {
    const [, at = ""] = /It begins anew at (\S+)\.$/.exec(refusal?.message ?? "") ?? [];
    const inSeconds = (Date.parse(at) - Date.now()) / 1000;
    expect(inSeconds).toBeGreaterThan(0);
    expect(Math.abs(Number(refusal?.headers["retry-after"]) - inSeconds)).toBeLessThan(5);
    expect(refusal?.headers["x-should-retry"]).toBe("false");
  }
  expect(await teamInfo(gateway, team)).toMatchObject({ spend: 1, held: 0 });
  expect(await keyInfo(gateway, key.id)).toMatchObject({ spend: 1, held: 0 });
});

test("three keys with $5 each stop at their team's $1", async () => {
  await using house = await startHouse([priced]);
  const { gateway, port } = house;
  const team = await makeTeam(gateway, { max_budget: 1 });
  const making = [1, 2, 3].map(() => makeKey(gateway, { team_id: team, max_budget: 5 }));
  const keys = await Promise.all(making);

  const requests = Array.from({ length: 40 }, () => keys.map((key) => getWith(key, "/paid")));
  const answers = await crowd(port, requests.flat());

  expect(house.hits()).toBe(10);
  expect(tally(answers)).toEqual({ "200": 10, "429 budget_exceeded": 110 });
  const infos = await Promise.all(keys.map(({ id }) => keyInfo(gateway, id)));
  expect(infos.reduce((sum, { spend }) => sum + Math.round(spend * 10), 0)).toBe(10);
  expect(infos.map(({ held }) => held)).toEqual([0, 0, 0]);
  expect(await teamInfo(gateway, team)).toMatchObject({ spend: 1, held: 0 });
});

test("a budget of one model stops that model and no other", async () => {
  await using house = await startHouse([priced]);
  const { gateway, port } = house;
  const key = await makeKey(gateway, {
    model_max_budget: { "gpt-4o": 0.3, o3: { budget_limit: 1, time_period: "1d" } },
  });
  const ask = (model: string) => times(port, 20, postWith(key, "/paid", { model }));

  const answers = await ask("gpt-4o");

  expect(tally(answers)).toEqual({ "200": 3, "429 budget_exceeded": 17 });
  expect(tally(await ask("o3"))).toEqual({ "200": 10, "429 budget_exceeded": 10 });
  expect(tally(await ask("other"))).toEqual({ "200": 20 });
  expect(answers.find(({ status }) => status === 429)?.message).toMatch(
    /for gpt-4o: \$[\d.]+ spent (and \$0\.\d on hold )?of \$0\.3; this call needs \$0\.1\./,
  );
  const { model_spend, spend } = await keyInfo(gateway, key.id);
  expect(model_spend).toEqual({ "gpt-4o": 0.3, o3: 1 });
  expect(spend).toBeCloseTo(3.3, 9);
});

test("what the upstream answers with an error is not billed, nor what never reaches it; all else that is sent is", async () => {
  await using house = await startHouse(
    [
      priced,
      'path: /nobody, target: "http://127.0.0.1:1", auth: true, cost_per_request: 0.10',
      'path: /free, target: "UP/free", auth: true',
    ],
    {
      upstream: {
        scripts: {
          "/400": [reply(400, [], "{}")],
          "/500": [reply(500, [], "{}")],
          "/302": [reply(302, ["Location: /x"], "")],
          "/gone": [{ end: "reset" }],
        },
      },
    },
  );
  const { gateway, port } = house;
  const key = await makeKey(gateway, { max_budget: 0.3 });
  const at = async (path: string) => (await call(port, getWith(key, path))).status;

  for (const path of ["/paid/400", "/paid/500", "/nobody"]) {
    for (let n = 0; n < 5; n++) expect(await at(path)).toBeGreaterThanOrEqual(400);
    expect(await keyInfo(gateway, key.id)).toMatchObject({ spend: 0, held: 0 });
  }
  expect(house.hits("/500")).toBe(5);
  const statuses = [await at("/paid/302"), await at("/paid"), await at("/paid/gone")];
  expect([...statuses, await at("/paid")]).toEqual([302, 200, 502, 429]);
  expect(await keyInfo(gateway, key.id)).toMatchObject({ spend: 0.3, held: 0 });
});
