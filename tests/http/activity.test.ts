import { expect, test } from "bun:test";
import { Elysia } from "elysia";
import type { SpendReader } from "../../src/core/spend.ts";
import { activity } from "../../src/http/activity.ts";
import { errors } from "../../src/http/errors.ts";
import { ledgerMigrations } from "../../src/storage/sqlite/ledger-schema.ts";
import { ledgerOn } from "../../src/storage/sqlite/ledger-store.ts";
import { openDatabase } from "../../src/storage/sqlite/open.ts";
import { masterKey } from "../gateway/wire.ts";
import { startGateway } from "../helpers/gateway.ts";
import { spendLogs } from "../helpers/keys.ts";
import { reply, startRawUpstream } from "../helpers/raw-upstream.ts";
import { temporaryFolder } from "../process/program.ts";
import { callRow } from "../storage/ledger-samples.ts";
import { adminRequest, trustedAdmin } from "./trusted-admin.ts";

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const now = Date.UTC(2026, 10, 21, 13, 30);
const hour = Date.UTC(2026, 10, 21, 13);

const yaml = `
general_settings:
  pass_through_endpoints:
    - { path: /a, target: "https://a.example" }
    - { path: /b, target: "https://b.example" }
    - { path: /idle, target: "https://c.example" }
`;

function start() {
  const folder = temporaryFolder();
  const ledger = ledgerOn(openDatabase(folder.file("ledger.db"), ledgerMigrations));
  const reader: SpendReader = {
    rows: async (...question) => ledger.rows(...question),
    scan: async (...question) => ledger.scan(...question),
    sums: async (...question) => ledger.sums(...question),
    tagSums: async (...question) => ledger.tagSums(...question),
    latencies: async (...question) => ledger.latencies(...question),
    refusals: async (...question) => ledger.refusals(...question),
  };
  const admin = trustedAdmin(yaml);
  const app = new Elysia().use(errors(() => {})).use(activity(admin.deps, reader, () => now));
  return {
    fold: (rows: readonly Parameters<typeof callRow>[0][]) => {
      const entries = rows.map(
        (row) => ({ kind: "row", row: callRow(row), modelScopes: [] }) as const,
      );
      ledger.fold("s", 0, 1, entries);
    },
    get: async (query = "") => {
      const answer = await app.handle(adminRequest("GET", `/routes/activity${query}`));
      return { status: answer.status, body: JSON.parse(await answer.text()) };
    },
    [Symbol.dispose]() {
      ledger.close();
      admin[Symbol.dispose]();
      folder[Symbol.dispose]();
    },
  };
}

const zeros = Array.from({ length: 24 }, () => 0);

test("each served route has its sums, its p95 and its hours", async () => {
  using given = start();
  given.fold([
    { route: "/a", startedAt: now, costNanoUsd: 1e9, durationMs: 100 },
    {
      route: "/a",
      startedAt: now - 1,
      costNanoUsd: 2e9,
      durationMs: 100,
      status: 500,
      error: null,
    },
    { route: "/a", startedAt: hour - 23 * hourMs, costNanoUsd: null, durationMs: 100 },
    { route: "/a", startedAt: hour - 23 * hourMs - 1, costNanoUsd: 4e9, durationMs: 100 },
    { route: "/a", startedAt: now - 40 * dayMs, costNanoUsd: 8e9, durationMs: 9_000 },
    {
      route: "/b",
      startedAt: now,
      costNanoUsd: null,
      firstByteMs: null,
      error: "rate_limited",
      status: 429,
    },
    { route: "/gone", startedAt: now },
  ]);

  const { status, body } = await given.get();

  const hour_start = new Date(hour - 23 * hourMs).toISOString();
  expect([status, body.since]).toEqual([200, "2026-10-23T00:00:00.000Z"]);
  expect(body.routes).toEqual([
    {
      id: "/a",
      calls: 4,
      failed: 1,
      unpriced: 1,
      spend: 7,
      p95_ms: expect.closeTo(100, -1.3),
      hours: [1, ...zeros.slice(2), 2],
      hour_start,
    },
    {
      id: "/b",
      calls: 1,
      failed: 1,
      unpriced: 1,
      spend: null,
      p95_ms: null,
      hours: zeros,
      hour_start,
    },
    {
      id: "/idle",
      calls: 0,
      failed: 0,
      unpriced: 0,
      spend: 0,
      p95_ms: null,
      hours: zeros,
      hour_start,
    },
  ]);
  const { body: today } = await given.get("?days=1");
  expect([today.since, today.routes[0].calls]).toEqual(["2026-11-21T00:00:00.000Z", 2]);
  const { body: all } = await given.get("?days=400");
  expect([all.routes[0].calls, all.routes[0].spend]).toEqual([5, 15]);
});

test.each(["0", "401", "x", "1.5"])("days=%s is refused", async (days) => {
  using given = start();

  expect((await given.get(`?days=${days}`)).status).toBe(400);
});

test("its numbers are those of the ledger's reports and rows", async () => {
  using upstream = await startRawUpstream();
  upstream.scripts.set("/down", [reply(503, [], "no")]);
  await using gateway = await startGateway(`
general_settings:
  master_key: ${masterKey}
  pass_through_endpoints:
    - { path: /a, target: "${upstream.url}/up", auth: true, cost_per_request: 0.125 }
    - { path: /b, target: "${upstream.url}/down", auth: true }
`);
  const headers = { authorization: `Bearer ${masterKey}` };
  const get = async (path: string) =>
    JSON.parse(await (await fetch(gateway.url + path, { headers })).text());
  for (const path of ["/a", "/a", "/a", "/b"])
    await (await fetch(gateway.url + path, { headers })).text();

  const { routes } = await get("/routes/activity?days=2");
  const rows = await spendLogs(gateway);
  const day = new Date().toISOString().slice(0, 10);
  const report = await get(`/global/spend/report?group_by=route&start_date=${day}&end_date=${day}`);

  for (const { id, calls, failed, unpriced, spend, hours } of routes) {
    const own = rows.filter(({ route }) => route === id);
    expect(calls).toBe(own.length);
    expect(failed).toBe(own.filter(({ http_status }) => http_status >= 400).length);
    expect(unpriced).toBe(own.filter((row) => row.spend === null).length);
    expect(spend).toBe(own.reduce((sum, row) => sum + (row.spend ?? 0), 0));
    expect(hours.reduce((sum: number, count: number) => sum + count, 0)).toBe(own.length);
    const [reported] = report[0].routes.filter(({ route }: { route: string }) => route === id);
    expect([reported.calls, reported.failed, reported.unpriced]).toEqual([calls, failed, unpriced]);
    expect(reported.total_spend).toBe(spend);
  }
  expect(routes.map(({ calls }: { calls: number }) => calls)).toEqual([3, 1]);
});
