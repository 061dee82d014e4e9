import { expect, test } from "bun:test";
import type { Duration } from "../../src/core/duration.ts";
import { build, onlyRoute, route, routes } from "./load.ts";

const limited = [
  "      rpm_limit: 60",
  "      tpm_limit: 100000",
  "      max_parallel_requests: 4",
  "      max_budget: 10.5",
  "      budget_duration: 30d",
  "      cost_per_request: 0.002",
  "",
].join("\n");

/** A config of `general_settings` and, where a test is about them, `litellm_settings`. */
function settingsOf(general: string, litellm = "{}") {
  const { runtime, faults } = build(
    `general_settings: {${general}}\nlitellm_settings: ${litellm}\n`,
  );
  if (runtime === null) throw new Error(faults.join("\n"));
  return runtime;
}

test("a route's limits, in nano-dollars and as a period", () => {
  const { limits, costNanoUsd } = onlyRoute(route(limited));

  expect(limits).toEqual({
    rpm: 60,
    tpm: 100_000,
    parallel: 4,
    budget: { maxNanoUsd: 10_500_000_000, period: { kind: "fixed", ms: 30 * 86_400_000 } },
  });
  expect(costNanoUsd).toBe(2_000_000);
});

test("without its keys a route has no limits, and what it costs is unknown", () => {
  const { limits, costNanoUsd } = onlyRoute(route(""));

  expect(limits).toEqual({ rpm: null, tpm: null, parallel: null, budget: null });
  expect(costNanoUsd).toBeNull();
});

test("a cost of 0 is free, which is not unknown", () => {
  expect(onlyRoute(route("      cost_per_request: 0\n")).costNanoUsd).toBe(0);
});

const periods: readonly (readonly [string, Duration])[] = [
  ["30s", { kind: "fixed", ms: 30_000 }],
  ["30m", { kind: "fixed", ms: 1_800_000 }],
  ["30h", { kind: "fixed", ms: 108_000_000 }],
  ["2w", { kind: "fixed", ms: 1_209_600_000 }],
  ["1mo", { kind: "months", months: 1 }],
];

test.each(periods)("the period %s", (written, period) => {
  const text = `      max_budget: 1\n      cost_per_request: 0.1\n      budget_duration: ${written}\n`;

  expect(onlyRoute(route(text)).limits.budget?.period).toEqual(period);
});

test("a period without a budget is told, and limits nothing", () => {
  const { warnings, routes: served } = build(route("      budget_duration: 30d\n"));

  expect(warnings).toEqual([
    "config.yaml:5:7 general_settings.pass_through_endpoints[0].budget_duration: there is no max_budget whose period this could be. Set max_budget, or take it out.",
  ]);
  expect(served[0]?.limits.budget).toBeNull();
});

const unknownCost =
  "max_budget: what calls of /x cost may not be known: of this API only replies that look like another's are read. Set cost_per_request, provider, or usage and prices: calls of unknown cost hold default_hold while they run and book nothing.";

test("a budget over calls of unknown cost is told, on a route and for everybody", () => {
  const own = build(route("      max_budget: 5\n"));
  const all = build(`${route("")}litellm_settings: {max_budget: 5}\n`);
  const known = build(
    `${route("      max_budget: 5\n      cost_per_request: 1\n")}litellm_settings: {max_budget: 5}\n`,
  );

  expect(own.warnings).toEqual([
    `config.yaml:5:7 general_settings.pass_through_endpoints[0].${unknownCost}`,
  ]);
  expect(all.warnings).toEqual([`config.yaml:5:20 litellm_settings.${unknownCost}`]);
  expect(known.warnings).toEqual([]);
});

test.each([
  ["cost_per_request: 1", ""],
  ["provider: openai", ""],
  ["trust_upstream_cost: true", ""],
  ["usage: {units: {pages: 1}}, prices: {pages: 0.01}", ""],
  ["provider: none", "is not known: replies are not read"],
])("a budget beside %s: said of it: %p", (keys, said) => {
  const endpoint = `    - {path: /x, target: https://up.example, max_budget: 5, ${keys}}\n`;
  const { warnings } = build(routes(endpoint));

  expect(warnings).toHaveLength(said === "" ? 0 : 1);
  expect(warnings.join()).toContain(said);
});

test("the budget of a known host's route needs no flat cost", () => {
  const endpoint = "    - {path: /v1, target: https://api.openai.com/v1, max_budget: 5}\n";

  expect(build(routes(endpoint)).warnings).toEqual([]);
});

test.each([
  ["of nothing", "      max_budget: 0\n", true],
  ["below the default hold", "      max_budget: 0.005\n      provider: none\n", true],
  ["below it, priced by usage", "      max_budget: 0.005\n", false],
  ["below the least hold", "      max_budget: 0.0000005\n", true],
  ["below the cost", "      max_budget: 1\n      cost_per_request: 2\n", true],
  ["of nothing, for what is free", "      max_budget: 0\n      cost_per_request: 0\n", false],
  ["of one call", "      max_budget: 2\n      cost_per_request: 2\n", false],
])("a budget %s into which no call fits is told", (_, lines, told) => {
  expect(build(route(lines)).warnings.join().includes("no call fits into this budget")).toBe(told);
});

test("everybody's budget stands in litellm_settings", () => {
  const { everybody } = settingsOf("", "{max_budget: 100, budget_duration: 1mo}");

  expect(everybody).toEqual({
    rpm: null,
    tpm: null,
    parallel: null,
    budget: { maxNanoUsd: 100_000_000_000, period: { kind: "months", months: 1 } },
  });
  expect(settingsOf("").everybody.budget).toBeNull();
});

test("holds: what is left out is 0.000001, 0.01 and 10 dollars", () => {
  expect(settingsOf("").holds).toEqual({
    minNanoUsd: 1_000,
    defaultNanoUsd: 10_000_000,
    maxNanoUsd: 10_000_000_000,
  });
  expect(settingsOf("min_hold: 0.5, default_hold: 0.5, max_hold: 0.5").holds).toEqual({
    minNanoUsd: 500_000_000,
    defaultNanoUsd: 500_000_000,
    maxNanoUsd: 500_000_000,
  });
});

test("the ledger's settings, left out and set", () => {
  expect(settingsOf("")).toMatchObject({
    retention: { maxAgeMs: null, maxBytes: null },
    keepRows: true,
    allowsUnrecorded: false,
    ledgerSync: "interval",
    databaseFile: null,
  });
  const set = settingsOf(
    [
      "maximum_spend_logs_retention_period: 7d",
      "maximum_spend_logs_size_mb: 512",
      "disable_spend_logs: yes",
      "allow_requests_on_db_unavailable: on",
      "ledger_sync: turn",
      "database_url: 'sqlite://keys/main.db'",
    ].join(", "),
  );
  expect(set).toMatchObject({
    retention: { maxAgeMs: 604_800_000, maxBytes: 536_870_912 },
    keepRows: false,
    allowsUnrecorded: true,
    ledgerSync: "turn",
    databaseFile: "keys/main.db",
  });
});

test("a month of retention has 31 days", () => {
  const { retention } = settingsOf("maximum_spend_logs_retention_period: 1mo");

  expect(retention.maxAgeMs).toBe(31 * 86_400_000);
});

test("origins are kept as browsers send them", () => {
  const { corsOrigins } = settingsOf(
    "cors_origins: ['https://App.example:443', 'http://localhost:3000', '*']",
  );

  expect([...corsOrigins]).toEqual(["https://app.example", "http://localhost:3000", "*"]);
  expect(settingsOf("").corsOrigins.size).toBe(0);
});

test("a database's address is told nowhere: it may hold a password", () => {
  const { report, faults } = build(
    "general_settings: {database_url: 'postgres://u:canary@db.internal/x'}\n",
  );

  expect(faults).toHaveLength(1);
  expect(report).not.toContain("canary");
  expect(report).not.toContain("db.internal");
});

test("limits and costs stand beside the routes, where there are any", () => {
  const plain = "    - {path: /y, target: https://up.example}\n";

  const { report } = build(`${route(limited)}${plain}litellm_settings: {max_budget: 100}\n`);

  expect(report).toContain(
    "any     /x    https://up.example/y  key, or this machine  60 requests/min, 100000 tokens/min, 4 at once, $10.5 per 30d, $0.002 a reply",
  );
  expect(report).toContain("  All routes together: $100 in all");
  expect(build(routes(plain)).report).not.toContain("LIMITS AND COST");
});

test("limits hold without a master key, too", () => {
  const { runtime, faults } = build(route("      rpm_limit: 5\n      auth: false\n"));

  expect(faults).toEqual([]);
  expect(runtime?.rules.routes.all[0]?.limits.rpm).toBe(5);
});

test.each(["max_budget", "cost_per_request"])(
  "%s: an amount that would be rounded to nothing is a fault",
  (name) => {
    const tiny = build(route(`      ${name}: 0.0000000001\n      auth: false\n`)).faults;
    const nothing = build(route(`      ${name}: 0\n      auth: false\n`)).faults;

    expect(tiny).toHaveLength(1);
    expect(tiny[0]).toContain(name);
    expect(nothing).toEqual([]);
  },
);
