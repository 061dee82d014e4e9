import { afterAll, expect, test } from "bun:test";
import { writeFileSync } from "node:fs";
import { get } from "../gateway/wire.ts";
import { change, keyInfo, makeKey, makeTeam, regenerate, spendLogs } from "../helpers/keys.ts";
import type { Step } from "../helpers/raw-upstream.ts";
import { until } from "../process/program.ts";
import { answerOf, call, dial, tally, times } from "./crowd.ts";
import { getWith, startHouse, yamlOf } from "./house.ts";

const open = (): readonly Step[] => [
  { write: "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n" },
  { write: "data: 1\n\n" },
  { wait: 300 },
  { write: "data: 2\n\n" },
  { end: "close" },
];
const routes = [
  'path: /u, target: "UP/u", auth: true, cost_per_request: 0.10',
  'path: /sse, target: "UP/sse", auth: true, cost_per_request: 0.10',
  'path: /route, target: "UP/route", auth: false, rpm_limit: 3',
];
const house = await startHouse(routes, { upstream: { scripts: { "/sse": open } } });
const { gateway, port, upstream } = house;

afterAll(() => house[Symbol.asyncDispose]());

test("a budget that is raised lets calls through at once, one that is lowered refuses them", async () => {
  const key = await makeKey(gateway, { max_budget: 0.2 });
  const ask = () => times(port, 10, getWith(key, "/u"));
  const to = (max_budget: number | null) =>
    change(gateway, "/key/update", { key: key.key, max_budget });

  expect(tally(await ask())).toEqual({ "200": 2, "429 budget_exceeded": 8 });
  await to(0.5);
  expect(tally(await ask())).toEqual({ "200": 3, "429 budget_exceeded": 7 });
  await to(0.1);
  expect(tally(await ask())).toEqual({ "429 budget_exceeded": 10 });
  await to(null);
  expect(tally(await ask())).toEqual({ "200": 10 });
  expect(await keyInfo(gateway, key.id)).toMatchObject({ spend: 1.5, held: 0 });
});

test("a limit that changes, or a key that is made anew, does not forget what was used", async () => {
  const team = await makeTeam(gateway);
  const key = await makeKey(gateway, { rpm_limit: 4, max_budget: 50, team_id: team });
  expect(tally(await times(port, 9, getWith(key, "/u")))).toEqual({
    "200": 4,
    "429 rate_limited": 5,
  });

  await change(gateway, "/key/update", { key: key.key, rpm_limit: 6, metadata: { a: 1 } });
  expect(tally(await times(port, 9, getWith(key, "/u")))).toEqual({
    "200": 2,
    "429 rate_limited": 7,
  });
  const anew = await regenerate(gateway, key);
  expect(anew.id).toBe(key.id);
  expect(tally(await times(port, 9, getWith(anew, "/u")))).toEqual({ "429 rate_limited": 9 });
  await change(gateway, "/team/update", { team_id: team, rpm_limit: 100 });
  expect(tally(await times(port, 9, getWith(anew, "/u")))).toEqual({ "429 rate_limited": 9 });

  expect(await keyInfo(gateway, key.id)).toMatchObject({ spend: 0.6, held: 0 });
});

test("a reload changes a route's limit and keeps what was used of it", async () => {
  expect(tally(await times(port, 9, get("/route")))).toEqual({ "200": 3, "429 rate_limited": 6 });

  const changed = routes.map((route) => route.replace("rpm_limit: 3", "rpm_limit: 5"));
  writeFileSync(gateway.configPath, yamlOf(changed, upstream));
  gateway.signal("SIGHUP");
  await until(async () => (await call(port, get("/route"))).status === 200);

  expect(tally(await times(port, 9, get("/route")))).toEqual({ "200": 1, "429 rate_limited": 8 });
  expect(house.hits("/route")).toBe(5);
});

test("a call that is under way when its key goes ends well, and is billed to it", async () => {
  const key = await makeKey(gateway, { max_budget: 1 });
  const socket = await dial(port);
  const begun = new Promise((done) => socket.once("data", done));
  const answer = answerOf(socket);
  socket.write(getWith(key, "/sse"));
  await begun;

  await change(gateway, "/key/delete", { keys: [key.key] });
  expect((await call(port, getWith(key, "/u"))).status).toBe(401);
  const { status, body } = await answer;
  socket.destroy();

  expect([status, body]).toEqual([200, "data: 1\n\ndata: 2\n\n"]);
  expect(await spendLogs(gateway, { api_key: key.id })).toMatchObject([
    { spend: 0.1, http_status: 200 },
  ]);
});
