import { expect, test } from "bun:test";
import { Elysia } from "elysia";
import type { SpendReader } from "../../src/core/spend.ts";
import type { CallRow } from "../../src/core/types.ts";
import { errors } from "../../src/http/errors.ts";
import { createFailedAttempts } from "../../src/http/failed-attempts.ts";
import { spend } from "../../src/http/spend.ts";
import { ledgerMigrations } from "../../src/storage/sqlite/ledger-schema.ts";
import { ledgerOn } from "../../src/storage/sqlite/ledger-store.ts";
import { openDatabase } from "../../src/storage/sqlite/open.ts";
import { temporaryFolder } from "../process/program.ts";
import { callRow, someDay } from "../storage/ledger-samples.ts";
import { ask, makeKey, masterKey, startAdminApp } from "./admin-app.ts";
import { build } from "../config/load.ts";

const dayMs = 86_400_000;

/** The spend API over a real ledger and a real key book. */
function start() {
  const folder = temporaryFolder();
  const other = startAdminApp();
  const ledger = ledgerOn(openDatabase(folder.file("ledger.db"), ledgerMigrations));
  const reader: SpendReader = {
    rows: async (...question) => ledger.rows(...question),
    scan: async (...question) => ledger.scan(...question),
    sums: async (...question) => ledger.sums(...question),
    tagSums: async (...question) => ledger.tagSums(...question),
    latencies: async (...question) => ledger.latencies(...question),
    refusals: async (...question) => ledger.refusals(...question),
  };
  const rules = build(`general_settings:\n  master_key: ${masterKey}\n`).runtime?.rules;
  if (rules === undefined) throw new Error("a config with faults");
  const admin = {
    rules: () => rules,
    adminHosts: () => new Set<string>(),
    entrance: {
      addressOf: () => "127.0.0.1",
      onLoopback: true,
      isTls: false,
      hold: () => {},
      release: () => {},
    },
    book: other.book,
    standings: { standing: () => ({ spentNanoUsd: 0, heldNanoUsd: 0, periodStart: 0 }) },
    adjust: () => {},
    masterKey: () => null,
    failures: createFailedAttempts(() => 0),
    sessions: null,
    trusted: null,
  };
  const app = new Elysia({ strictPath: true }).use(errors(() => {})).use(spend(admin, reader));
  let position = 0;
  return {
    book: other.book,
    ledger,
    fold: (rows: readonly CallRow[]) => {
      const entries = rows.map((row) => ({ kind: "row", row, modelScopes: [] }) as const);
      position = ledger.fold("s", position, position + 1, entries);
    },
    get: async (path: string, key: string | null = masterKey) => {
      const response = await app.handle(ask("GET", path, null, key));
      return { status: response.status, body: JSON.parse(await response.text()) };
    },
    [Symbol.dispose]() {
      ledger.close();
      other[Symbol.dispose]();
      folder[Symbol.dispose]();
    },
  };
}

test("a call as LiteLLM tells it, with what is this gateway's own", async () => {
  using given = start();
  const team = given.book.createTeam(null, { alias: "Research" }, "test");
  const { record } = makeKey(given.book, { alias: "ann's key", teamId: team.id });
  const row = callRow({
    keyId: record.id,
    teamId: team.id,
    userId: "ann",
    model: "gpt-4o",
    costNanoUsd: 1_500_000,
    error: "upstream_timeout",
    status: 504,
    tags: ["a"],
    metadata: '{"job":7}',
    provider: "openai",
    usage: { input: 70, output: 30, cached: 50 },
    overheadMs: 0.5,
    isStream: true,
    userAgent: "curl/8",
  });
  const other = { startedAt: someDay - 1, costNanoUsd: null, keyId: null, unpriced: "no_model" };
  given.fold([row, callRow(other)]);

  const { status, body } = await given.get("/spend/logs/v2");

  expect([status, body.total, body.page, body.page_size, body.total_pages]).toEqual([
    200, 2, 1, 50, 1,
  ]);
  expect(body.data[0]).toMatchObject({
    request_id: row.id,
    call_type: "pass_through_endpoint",
    api_key: record.id,
    spend: 0.0015,
    startTime: "2026-11-20T00:00:00.000Z",
    endTime: "2026-11-20T00:00:00.034Z",
    model: "gpt-4o",
    api_base: "https://api.example.com/v1/chat",
    user: "ann",
    team_id: team.id,
    request_tags: ["a"],
    status: "failure",
    route: "chat",
    method: "POST",
    http_status: 504,
    estimated: false,
    bytes_in: 10,
    bytes_out: 20,
    total_tokens: 100,
    prompt_tokens: 70,
    completion_tokens: 30,
    custom_llm_provider: "openai",
    provider: "openai",
    usage: { input: 70, output: 30, cached: 50 },
    unpriced: null,
    overhead_ms: 0.5,
    stream: true,
    user_agent: "curl/8",
    metadata: {
      status: "failure",
      error_information: { error_code: "504", error_class: "upstream_timeout" },
      user_api_key_alias: "ann's key",
      user_api_key_team_alias: "Research",
      spend_logs_metadata: { job: 7 },
    },
  });
  expect(body.data[1]).toMatchObject({
    spend: null,
    api_key: "",
    status: "success",
    total_tokens: null,
    prompt_tokens: null,
    usage: null,
    unpriced: "no_model",
    overhead_ms: null,
    stream: false,
  });
  expect((await given.get(`/spend/logs/ui/${row.id}`)).body).toEqual(body.data[0]);
  expect((await given.get("/spend/logs/ui/none")).status).toBe(404);
});

test("keys and teams that are gone keep their names", async () => {
  using given = start();
  const team = given.book.createTeam(null, { alias: "Research" }, "test");
  const ofTeam = makeKey(given.book, { alias: "theirs", teamId: team.id }).record;
  const alone = makeKey(given.book, { alias: "first name" }).record;
  const unnamed = makeKey(given.book, {}).record;
  given.book.change(alone.id, { alias: "last name" }, "test");
  given.book.revoke([alone.id, unnamed.id], "test");
  given.book.removeTeams([team.id], "test");
  const keys = [ofTeam.id, alone.id, unnamed.id, "nobody"];
  given.fold(
    keys.map((keyId, index) =>
      callRow({ keyId, teamId: index === 0 ? team.id : null, startedAt: someDay - index }),
    ),
  );

  const { body } = await given.get("/spend/logs/v2");

  const names = body.data.map(({ metadata }: { metadata: Record<string, unknown> }) => [
    metadata["user_api_key_alias"],
    metadata["user_api_key_team_alias"],
  ]);
  expect(names).toEqual([
    ["theirs", "Research"],
    ["last name", null],
    [null, null],
    [null, null],
  ]);
});

test("filters, order and pages", async () => {
  using given = start();
  const issued = makeKey(given.book, { alias: "mine" });
  const mine = callRow({ keyId: issued.record.id, costNanoUsd: 2e9, model: "m" });
  const failed = callRow({ startedAt: someDay + dayMs, status: 429, error: "rate_limited" });
  const late = callRow({ startedAt: someDay + 2 * dayMs, durationMs: 9, costNanoUsd: 5e9 });
  given.fold([mine, failed, late]);
  const names = new Map([mine, failed, late].map(({ id }, index) => [id, "mfl"[index]]));
  const found = async (query: string) => {
    const { status, body } = await given.get(`/spend/logs/ui?${query}`);
    if (status !== 200) return body.error.message;
    return body.data.map((one: { request_id: string }) => names.get(one.request_id)).join("");
  };

  const wanted: Record<string, string> = {
    "": "lfm",
    "sort_order=asc": "mfl",
    "sort_by=spend": "lmf",
    "sort_by=request_duration_ms&sort_order=asc": "l" + "mf",
    "page_size=1&page=2": "f",
    "page=4": "",
    [`api_key=${issued.key}`]: "m",
    [`api_key=${issued.record.id}`]: "m",
    "api_key=sk-nobody-has-this-key-here": "",
    "api_key=key-1": "lf",
    "key_alias=mine": "m",
    "key_alias=nobodys": "",
    "team_id=team-1": "lfm",
    "user_id=ann": "",
    [`request_id=${failed.id}`]: "f",
    "status_filter=failure": "f",
    "status_filter=success": "lm",
    "error_code=429": "f",
    "error_code=rate_limited": "f",
    "min_spend=2&max_spend=4.5": "m",
    "model=m": "m",
    "model_group=m&model=m": "m",
    "route=chat": "lfm",
    "start_date=2026-11-21": "lf",
    "start_date=2026-11-20&end_date=2026-11-21": "fm",
    "start_date=2026-11-20+00:00:00&end_date=2026-11-21%2000:00:00": "fm",
    "end_date=2026-11-20T23:59:59Z": "m",
  };

  for (const [query, names] of Object.entries(wanted)) {
    expect([query, await found(query)]).toEqual([query, names]);
  }
});

test("senseless parameters are named, their values are not", async () => {
  using given = start();
  const wrong: Record<string, readonly string[]> = {
    "/spend/logs/v2?page=0&page_size=101&sort_by=x&sort_order=up": [
      "page:",
      "page_size:",
      "sort_by:",
      "sort_order:",
    ],
    "/spend/logs/v2?min_spend=-1&max_spend=lots": ["min_spend:", "max_spend:"],
    "/spend/logs/v2?start_date=yesterday&status_filter=ok": ["start_date:", "status_filter:"],
    "/spend/logs/v2?start_date=2026-11-21&end_date=2026-11-20": ["end_date:"],
    "/spend/logs/v2?model=a&model_id=b": ["model_id"],
    "/spend/logs/v2?error_message=x&session_id=y": ["error_message:", "session_id:"],
    "/spend/logs/v2?apikey=x": ["apikey:", "api_key"],
    "/spend/logs?summarize=perhaps": ["summarize:"],
    "/global/spend/report": ["start_date", "end_date"],
    "/global/spend/report?start_date=2026-11-20&end_date=2026-11-20&group_by=x": ["group_by:"],
    "/global/spend/report?start_date=2026-11-20&end_date=2026-11-20&customer_id=x": [
      "customer_id:",
    ],
  };

  for (const [path, names] of Object.entries(wrong)) {
    const { status, body } = await given.get(path);
    expect([path, status, body.error.type]).toEqual([path, 400, "request_invalid"]);
    for (const name of names) expect(body.error.message).toContain(name);
    expect(body.error.message).not.toMatch(/yesterday|lots|perhaps/);
  }
});

test("the list without pages: calls, or sums by day", async () => {
  using given = start();
  given.fold([
    callRow({ costNanoUsd: 1e9, userId: "ann", model: "m" }),
    callRow({ costNanoUsd: 2e9, keyId: "key-2" }),
    callRow({ startedAt: someDay + dayMs, costNanoUsd: 4e9, userId: "ann" }),
  ]);
  const dates = "start_date=2026-11-20&end_date=2026-11-22";

  expect((await given.get("/spend/logs")).body.length).toBe(3);
  expect((await given.get("/spend/logs?user_id=ann")).body.length).toBe(2);
  expect((await given.get(`/spend/logs?${dates}&summarize=false`)).body.length).toBe(3);
  expect((await given.get(`/spend/logs?${dates}`)).body).toEqual([
    {
      startTime: "2026-11-20",
      spend: 3,
      "key-1": 1,
      "key-2": 2,
      users: { ann: 1, "": 2 },
      models: { m: 1, "": 2 },
    },
    { startTime: "2026-11-21", spend: 4, "key-1": 4, users: { ann: 4 }, models: { "": 4 } },
    { startTime: "2026-11-22", spend: 0, users: {}, models: {} },
  ]);
  expect((await given.get(`/spend/logs?${dates}&api_key=key-2`)).body[0].spend).toBe(2);
});

test("reports by team, customer, key, and what is this gateway's own", async () => {
  using given = start();
  const team = given.book.createTeam(null, { alias: "Research" }, "test");
  given.fold([
    callRow({
      teamId: team.id,
      model: "m",
      costNanoUsd: 2e9,
      endUser: "c",
      tags: ["x"],
      usage: { input: 5, output: 2 },
    }),
    callRow({ teamId: team.id, model: "m", costNanoUsd: 1e9, keyId: "key-2", tags: ["x", "y"] }),
    callRow({ teamId: null, costNanoUsd: null, status: 500 }),
  ]);
  const report = async (query: string) =>
    (await given.get(`/global/spend/report?start_date=2026-11-20&end_date=2026-11-20&${query}`))
      .body;
  const day = "2026-11-20T00:00:00+00:00";

  expect(await report("group_by=team")).toMatchObject([
    {
      group_by_day: day,
      teams: [
        {
          team_name: "Research",
          total_spend: 3,
          metadata: [
            { model: "m", spend: 2, api_key: "key-1", total_tokens: 7 },
            { model: "m", spend: 1, api_key: "key-2" },
          ],
        },
        { team_name: "Unassigned Team", total_spend: null, failed: 1, unpriced: 1 },
      ],
    },
  ]);
  expect(await report("group_by=customer")).toMatchObject([
    {
      group_by_day: day,
      customers: [
        { customer: "c", total_spend: 2 },
        { customer: "", total_spend: 1 },
      ],
    },
  ]);
  expect(await report("group_by=api_key")).toMatchObject([
    {
      api_key: "key-1",
      total_cost: 2,
      total_input_tokens: 5,
      total_output_tokens: 2,
      model_details: [{ model: "m", total_cost: 2, total_input_tokens: 5 }, {}],
    },
    { api_key: "key-2", total_cost: 1, model_details: [{ model: "m", total_cost: 1 }] },
  ]);
  expect(await report("api_key=key-2")).toMatchObject([{ api_key: "key-2", total_cost: 1 }]);
  expect(await report("group_by=tag")).toMatchObject([
    {
      tags: [
        { tag: "x", total_spend: 3, calls: 2 },
        { tag: "y", total_spend: 1 },
      ],
    },
  ]);
  expect(await report("group_by=model")).toMatchObject([
    {
      models: [
        { model: "m", total_spend: 3 },
        { model: "", total_spend: null },
      ],
    },
  ]);
  expect(await report("group_by=day")).toEqual([
    {
      group_by_day: day,
      total_spend: 3,
      calls: 3,
      failed: 1,
      unpriced: 1,
      total_input_tokens: 5,
      total_output_tokens: 2,
    },
  ]);
  expect((await given.get("/spend/tags")).body).toMatchObject([
    { individual_request_tag: "x", log_count: 2, total_spend: 3 },
    { individual_request_tag: "y", log_count: 1, total_spend: 1 },
  ]);
});

test("a long report is made without what its sums consist of", async () => {
  using given = start();
  given.fold(
    Array.from({ length: 10_002 }, (_, index) =>
      callRow({ model: `m${index % 5_001}`, keyId: `k${index % 2}`, tags: [`t${index % 5}`] }),
    ),
  );
  const report = async (group: string) =>
    await given.get(
      `/global/spend/report?start_date=2026-11-20&end_date=2026-11-20&group_by=${group}`,
    );

  const byTeam = await report("team");
  const byKey = await report("api_key");

  expect(byTeam.status).toBe(200);
  expect(byTeam.body[0].teams).toMatchObject([{ team_id: "team-1", calls: 10_002, metadata: [] }]);
  expect(byKey.status).toBe(400);
});

test("latencies by route, as a whole, by day and by hour", async () => {
  using given = start();
  const hour = 3_600_000;
  given.fold([
    callRow({ durationMs: 100, firstByteMs: 50, overheadMs: 1 }),
    callRow({ durationMs: 200, firstByteMs: 60, startedAt: someDay + hour }),
    callRow({ durationMs: 7, firstByteMs: 5, route: "rerank" }),
    callRow({ startedAt: someDay + dayMs }),
  ]);
  const latency = async (query: string) => (await given.get(`/global/latency?${query}`)).body;
  const day = "start_date=2026-11-20&end_date=2026-11-20";

  const whole = await latency(day);
  expect(whole.map((one: { route: string }) => one.route)).toEqual(["chat", "rerank"]);
  expect(whole[0]).toMatchObject({
    start: null,
    duration_ms: { calls: 2 },
    first_byte_ms: { calls: 2 },
    overhead_ms: { calls: 1 },
  });
  expect(whole[0].duration_ms.p50).toBeWithin(90, 110);
  expect(whole[0].duration_ms.p99).toBeWithin(180, 220);
  expect(await latency("route=rerank&group_by=day")).toMatchObject([
    { start: "2026-11-20T00:00:00.000Z", route: "rerank", overhead_ms: { calls: 0, p50: null } },
  ]);
  const hours = await latency(`${day}&route=chat&group_by=hour`);
  expect(hours.map(({ start }: { start: string }) => start)).toEqual([
    "2026-11-20T00:00:00.000Z",
    "2026-11-20T01:00:00.000Z",
  ]);
  expect((await given.get("/global/latency?group_by=year")).status).toBe(400);
});

test("refusals by minute; nothing is told to those who are no admin", async () => {
  using given = start();
  given.ledger.fold("x", 0, 1, [
    { kind: "refused", minute: someDay, route: "chat", code: "key_invalid", count: 4 },
  ]);
  const { key } = makeKey(given.book);

  expect((await given.get("/spend/refusals?start_date=2026-11-20")).body).toEqual([
    { minute: "2026-11-20T00:00:00.000Z", route: "chat", code: "key_invalid", count: 4 },
  ]);
  for (const path of [
    "/spend/logs",
    "/spend/logs/v2",
    "/spend/logs/ui",
    "/spend/logs/ui/x",
    "/spend/tags",
    "/spend/refusals",
    "/global/spend/report",
    "/global/latency",
  ]) {
    expect([path, (await given.get(path, null)).status]).toEqual([path, 401]);
    expect([path, (await given.get(path, key)).status]).toEqual([path, 403]);
  }
});
