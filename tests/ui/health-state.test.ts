import { expect, test } from "bun:test";
import { errorCodeOf } from "../../src/ui/error-code.ts";
import {
  latencyQuestion,
  latencyRows,
  latencySeries,
} from "../../src/ui/pages/health/latency-series.ts";
import {
  codeCounts,
  failureKinds,
  minutesShown,
  minutesUpTo,
  refusalSeries,
} from "../../src/ui/pages/health/refusal-series.ts";
import {
  backlogPoints,
  budgetPoint,
  credentialPoint,
  failurePoint,
  verdict,
} from "../../src/ui/pages/health/state.ts";

const nothingLost = {
  in_flight_requests: 3,
  uncaught_errors: 0,
  dropped_log_lines: 0,
  dropped_ledger_rows: 0,
  dropped_logged_bodies: 0,
};
const route = { id: "a", unpriced: 0, spend: 0, p95_ms: null, hours: [], hour_start: 0 };
const today = (calls: number, failed: number) => ({
  since: "2026-11-21T00:00:00.000Z",
  routes: [{ ...route, calls, failed }],
});

test("each loss is told with what to do; without any all is well", () => {
  expect(backlogPoints(nothingLost).map(({ light }) => light)).toEqual(["ok"]);
  const points = backlogPoints({
    ...nothingLost,
    dropped_ledger_rows: 2,
    uncaught_errors: 1,
    dropped_log_lines: 1,
  });
  expect(points.map(({ light, text }) => [light, text])).toEqual([
    ["bad", "2 records of the ledger were lost."],
    ["bad", "1 error was not handled."],
    ["warn", "1 log line was lost."],
  ]);
  expect(points.every(({ remedy }) => remedy !== undefined)).toBe(true);
});

test("missing credentials are named", () => {
  const credential = { kind: "variable", present: true, endpoints: ["/a"] };

  expect(credentialPoint([{ ...credential, name: "A" }]).light).toBe("ok");
  const point = credentialPoint([
    { ...credential, name: "A" },
    { ...credential, name: "B", present: false },
  ]);
  expect(point).toMatchObject({ light: "warn", text: "1 credential is missing: B." });
});

test("some failed calls are worth a look, many are wrong", () => {
  expect(failurePoint(today(0, 0)).light).toBe("ok");
  expect(failurePoint(today(100, 1))).toMatchObject({
    light: "warn",
    text: "1 call of 100 failed today.",
    href: "/logs?start_date=2026-11-21T00%3A00%3A00.000Z&status_filter=failure",
  });
  expect(failurePoint(today(100, 5)).light).toBe("bad");
});

test("refusals by limits and clients that left are told apart, and are not wrong", () => {
  const failure = (code: string, startTime = "2026-11-21T10:00:00.000Z") => ({
    startTime,
    http_status: 429,
    metadata: { error_information: { error_class: code } },
  });
  const ended = [failure("rate_limited"), failure("budget_exceeded"), failure("client_closed")];
  const former = failure("rate_limited", "2026-11-20T10:00:00.000Z");

  expect(failurePoint(today(14, 3), [...ended, former])).toMatchObject({
    light: "ok",
    text: "3 calls of 14 failed today: 2 refused by limits, 1 left by the client.",
  });
  expect(failurePoint(today(14, 4), [...ended, failure("upstream_timeout")])).toMatchObject({
    light: "bad",
    text: "4 calls of 14 failed today: 2 refused by limits, 1 left by the client, 1 for other reasons.",
  });
});

test("budgets that are used up are told apart from those near their end", () => {
  const budget = {
    kind: "key",
    id: "k",
    name: "app",
    max_budget: 1,
    spend: 1,
    held: 0,
    budget_duration: null,
    budget_reset_at: null,
  };

  expect(budgetPoint([{ ...budget, share: 0.5 }]).light).toBe("ok");
  expect(budgetPoint([{ ...budget, share: 0.9 }]).text).toBe("1 budget is near the end.");
  expect(budgetPoint([{ ...budget, share: 1 }])).toMatchObject({
    light: "bad",
    text: "1 budget is used up.",
  });
  expect(
    budgetPoint([
      { ...budget, share: 1 },
      { ...budget, share: 0.9 },
    ]).text,
  ).toBe("1 budget is used up, 1 budget is near the end.");
});

test("the worst decides", () => {
  expect(verdict([{ light: "ok", text: "" }]).text).toBe("All is well.");
  expect(verdict([{ light: "warn", text: "" }]).text).toBe("1 thing needs a look.");
  expect(
    verdict([
      { light: "warn", text: "" },
      { light: "bad", text: "" },
    ]),
  ).toEqual({
    light: "bad",
    text: "1 thing is wrong.",
  });
});

const percentiles = { calls: 4, p50: 10, p90: 20, p95: 30, p99: 40 };
const unknown = { calls: 0, p50: null, p90: null, p95: null, p99: null };

test("latencies are asked for in the hours or days that are drawn", () => {
  const now = Date.UTC(2026, 10, 21, 13, 30);
  const hours = latencyQuestion("24h", now);
  expect(hours).toMatchObject({ since: "2026-11-20T14:00:00.000Z", sinceDay: "2026-11-20" });
  expect(hours.times).toHaveLength(24);
  expect(hours.times.at(-1)).toBe(Date.UTC(2026, 10, 21, 13));
  expect(latencyQuestion("30d", now)).toMatchObject({ groupBy: "day", sinceDay: "2026-10-23" });

  const reply = {
    start: "2026-11-21T13:00:00.000Z",
    route: "a",
    duration_ms: percentiles,
    first_byte_ms: unknown,
    overhead_ms: unknown,
  };
  const [p50] = latencySeries([reply], hours.times, "duration_ms");
  expect(p50?.values.at(-1)).toBe(10);
  expect(p50?.values.at(-2)).toBeNull();
  expect(latencyRows([{ ...reply, start: null }], "duration_ms", (id) => `/${id}`)).toEqual([
    { route: "a", path: "/a", ...percentiles },
  ]);
});

test("refusals are drawn by minute and code, the rare codes together", () => {
  const minutes = minutesUpTo(Date.UTC(2026, 10, 21, 13, 30, 15));
  const minute = "2026-11-21T13:30:00.000Z";
  const refusals = Array.from({ length: 10 }, (_, index) => ({
    minute,
    route: index === 0 ? "" : "a",
    code: `c${index}`,
    count: 10 - index,
  }));

  expect(minutes).toHaveLength(minutesShown);
  expect(codeCounts([...refusals, { minute, route: "b", code: "c9", count: 20 }])[0]).toEqual({
    code: "c9",
    count: 21,
  });
  const series = refusalSeries(refusals, minutes);
  expect(series.map(({ label }) => label)).toEqual([
    "c0",
    "c1",
    "c2",
    "c3",
    "c4",
    "c5",
    "c6",
    "All others (3)",
  ]);
  expect(series[0]?.values.slice(-2)).toEqual([0, 10]);
  expect(series.at(-1)?.values.at(-1)).toBe(6);
});

test("failures are put together by route, status and code", () => {
  const failure = (status: number, code: string) => ({
    route: "a",
    http_status: status,
    metadata: { error_information: { error_class: code } },
  });

  expect(
    failureKinds([failure(500, ""), failure(429, "budget_exceeded"), failure(500, "")]),
  ).toEqual([
    { route: "a", status: 500, code: null, calls: 2 },
    { route: "a", status: 429, code: "budget_exceeded", calls: 1 },
  ]);
  expect(errorCodeOf({ metadata: {} })).toBeNull();
});
