import { afterAll, expect, test } from "bun:test";
import { chunked, get, post, request } from "../gateway/wire.ts";
import {
  keyInfo,
  type MadeKey,
  makeKey,
  makeTeam,
  refusals,
  spendLogs,
  teamInfo,
} from "../helpers/keys.ts";
import { rawRequest } from "../helpers/raw-client.ts";
import { reply, type Step } from "../helpers/raw-upstream.ts";
import { until } from "../process/program.ts";
import { call, crowd, tally, times } from "./crowd.ts";
import { getWith, startHouse } from "./house.ts";

const events: readonly Step[] = [
  { write: "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n" },
  { write: "data: x\n\n" },
  { wait: 5 },
  { write: "data: [DONE]\n\n" },
  { end: "close" },
];
const price = 0.0000001;
const house = await startHouse(
  [
    `path: /u, target: "UP", auth: true, include_subpath: true, cost_per_request: ${price}`,
    `path: /open, target: "UP/open", auth: false, cost_per_request: ${price}`,
    'path: /unpriced, target: "UP/unpriced", auth: true',
  ],
  {
    upstream: {
      scripts: {
        "/sse": events,
        "/none": [{ write: "HTTP/1.1 204 No Content\r\n\r\n" }],
        "/500": [reply(500, [], "{}")],
        "/large": [reply(200, ["Content-Type: application/octet-stream"], "x".repeat(300_000))],
      },
    },
  },
);
const { gateway, port, upstream } = house;

afterAll(() => house[Symbol.asyncDispose]());

const keyed = ({ key }: MadeKey) => `x-api-key: ${key}`;
const nanoOf = (usd: number | null) => Math.round((usd ?? 0) * 1e9);

test("what a key spent is the sum of its rows, and what the upstream answered times the price", async () => {
  const team = await makeTeam(gateway);
  const key = await makeKey(gateway, { max_budget: 100, team_id: team });
  const before = upstream.requests.length;
  const upload = "x".repeat(200_000);

  const calls = [
    ...Array.from({ length: 40 }, () => getWith(key, "/u")),
    ...Array.from({ length: 30 }, () => getWith(key, "/u/sse")),
    ...Array.from({ length: 10 }, () => getWith(key, "/u/none")),
    ...Array.from({ length: 10 }, () => getWith(key, "/u/large")),
    ...Array.from({ length: 10 }, () => post("/u", upload, keyed(key))),
    ...Array.from({ length: 10 }, () => chunked("POST /u", [upload, upload], keyed(key))),
    ...Array.from({ length: 20 }, () => getWith(key, "/u/500")),
  ];
  const answers = await crowd(port, calls);
  const heads = Array.from({ length: 7 }, () =>
    rawRequest(port, request("HEAD /u/none", [keyed(key)]), { method: "HEAD" }),
  );
  const headed = (await Promise.all(heads)).map(({ status }) => status);

  expect(tally(answers)).toEqual({ "200": 100, "204": 10, "500": 20 });
  expect(headed).toEqual(Array.from({ length: 7 }, () => 204));
  const paid = upstream.requests.slice(before).filter(({ target }) => target !== "/500").length;
  expect(paid).toBe(117);
  const { spend, held } = await keyInfo(gateway, key.id);
  expect([spend, held]).toEqual([(paid * 100) / 1e9, 0]);
  expect((await teamInfo(gateway, team)).spend).toBe(spend);
  const rows = await spendLogs(gateway, { api_key: key.key });
  expect(rows.length).toBe(137);
  expect(rows.reduce((sum, row) => sum + nanoOf(row.spend), 0)).toBe(nanoOf(spend));
  expect(rows.filter(({ bytes_in }) => bytes_in === 200_000).length).toBe(10);
  expect(rows.filter(({ bytes_in }) => bytes_in === 400_000).length).toBe(10);
});

test("a call whose price nobody knows is recorded as such, and is not free", async () => {
  const key = await makeKey(gateway);

  await call(port, getWith(key, "/unpriced"));

  const rows = await spendLogs(gateway, { api_key: key.id });
  expect(rows).toMatchObject([{ spend: null, http_status: 200, estimated: false }]);
  expect((await keyInfo(gateway, key.id)).spend).toBe(0);
});

test("anonymous callers of open routes have rows, and refused calls of keys too", async () => {
  const key = await makeKey(gateway, { rpm_limit: 1, allowed_passthrough_routes: ["/u"] });

  const open = await times(port, 3, get("/open"));
  const known = await call(port, getWith(key, "/open"));
  const limited = await times(port, 2, getWith(key, "/u"));

  expect(tally(open)).toEqual({ "200": 3 });
  expect(tally([known])).toEqual({ "403 route_not_allowed": 1 });
  expect(tally(limited)).toEqual({ "200": 1, "429 rate_limited": 1 });
  const openIds = new Set(open.map(({ headers }) => headers["x-litellm-call-id"]));
  const ofOpen = (await spendLogs(gateway)).filter(({ request_id: id }) => openIds.has(id));
  expect(ofOpen.map(({ api_key, spend }) => [api_key, spend])).toEqual(
    Array.from({ length: 3 }, () => ["", price]),
  );
  const rows = await spendLogs(gateway, { api_key: key.id });
  const seen = rows.map(({ http_status, metadata }) => [
    http_status,
    metadata.error_information?.error_class ?? null,
  ]);
  expect(seen.toSorted()).toEqual([
    [200, null],
    [403, "route_not_allowed"],
    [429, "rate_limited"],
  ]);
});

test("who shows no key of ours, or asks for what is not there, has no row and is counted", async () => {
  const rowsBefore = (await spendLogs(gateway)).length;
  const before = await refusals(gateway);

  const unknown = await times(port, 4, get("/u", "x-api-key: sk-unknown-0123456789"));
  const keyless = await times(port, 2, get("/u"));
  const lost = await times(port, 3, get("/nowhere"));

  expect(tally([...unknown, ...keyless])).toEqual({ "401 key_invalid": 6 });
  expect(tally(lost)).toEqual({ "404 route_not_found": 3 });
  expect((await spendLogs(gateway)).length).toBe(rowsBefore);
  const counted = async (code: string) => {
    const sums = [before, await refusals(gateway)].map((counts) =>
      Object.entries(counts).reduce(
        (sum, [name, n]) => (name.endsWith(` ${code}`) ? sum + n : sum),
        0,
      ),
    );
    return (sums[1] ?? 0) - (sums[0] ?? 0);
  };
  await until(async () => (await counted("route_not_found")) === 3, 3_000);
  expect(await counted("key_invalid")).toBe(6);
  expect((await refusals(gateway))[" route_not_found"]).toBeGreaterThanOrEqual(3);
});
