import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { config, masterKey } from "../gateway/wire.ts";
import { type Gateway, startGateway } from "../helpers/gateway.ts";
import { makeKey, type MadeKey, makeTeam } from "../helpers/keys.ts";
import { type RawUpstream, reply, startRawUpstream } from "../helpers/raw-upstream.ts";
import { type Scrape, scrape } from "./scrape.ts";

setDefaultTimeout(30_000);

const json = ["Content-Type: application/json"];
const prices = "prices: { input: 0.000001, output: 0.000002 }";
const chat = (model: string, input: number, output: number) =>
  JSON.stringify({
    object: "chat.completion",
    model,
    choices: [],
    usage: { prompt_tokens: input, completion_tokens: output, total_tokens: input + output },
  });

const spend = "litellm_spend_metric_total";
const requests = "litellm_proxy_total_requests_metric_total";

let upstream: RawUpstream;
let gateway: Gateway;
let ann: MadeKey;
let team: string;

const call = async (path: string, key: string | null) => {
  const headers = key === null ? {} : { authorization: `Bearer ${key}` };
  const answer = await fetch(gateway.url + path, { method: "POST", headers, body: "{}" });
  await answer.text();
  return answer.status;
};

beforeAll(async () => {
  upstream = await startRawUpstream({
    scripts: {
      "/small": [reply(200, json, chat("small", 10, 5))],
      "/large": [reply(200, json, chat("large", 1_000, 500))],
      "/nothing": [reply(200, json, '{"answer":42}')],
      "/impossible": [reply(200, json, chat("small", -1, 5))],
      "/broken": [reply(500, json, '{"error":"down"}')],
      "/slow": [{ wait: 700 }, reply(200, json, "{}")],
    },
  });
  const to = (path: string) => `target: "${upstream.url}${path}", auth: true`;
  gateway = await startGateway(
    config(
      [
        `id: chat, path: /chat, include_subpath: true, ${to("")}, ${prices}`,
        `id: flat, path: /flat, ${to("/nothing")}, cost_per_request: 0.02`,
        `id: plain, path: /plain, ${to("/nothing")}`,
        `id: slow, path: /slow, ${to("/slow")}, cost_per_request: 0`,
        `id: impossible, path: /impossible, ${to("/impossible")}, ${prices}`,
      ],
      `master_key: ${masterKey}`,
    ),
  );
  team = await makeTeam(gateway, { team_alias: "design", max_budget: 20, budget_duration: "30d" });
  ann = await makeKey(gateway, { key_alias: "ann", team_id: team, max_budget: 5 });
  const bob = await makeKey(gateway, { key_alias: "bob" });
  const { key } = ann;
  for (const [path, caller] of [
    ["/chat/small", key],
    ["/chat/small", key],
    ["/chat/large", key],
    ["/chat/small", bob.key],
    ["/chat/small", masterKey],
    ["/chat/broken", key],
    ["/flat", key],
    ["/flat", key],
    ["/plain", bob.key],
    ["/flat", null],
    ["/flat", "sk-nobodys-key-0123456789"],
    ["/nowhere", null],
  ] as const) {
    await call(path, caller);
  }
});

afterAll(async () => {
  await gateway[Symbol.asyncDispose]();
  upstream[Symbol.dispose]();
});

test("an admin reads them, nobody else", async () => {
  const ask = (headers: Record<string, string>) => fetch(`${gateway.url}/metrics`, { headers });

  const admin = await ask({ authorization: `Bearer ${masterKey}` });
  const nobody = await ask({});
  const ordinary = await ask({ authorization: `Bearer ${ann.key}` });

  expect([admin.status, nobody.status, ordinary.status]).toEqual([200, 401, 403]);
  expect(admin.headers.get("content-type")).toBe("text/plain; version=0.0.4; charset=utf-8");
});

test("calls are counted by key, team, route and status", async () => {
  const { all, sum } = await scrape(gateway.url);

  expect(all(requests, { hashed_api_key: ann.id, route: "flat" })).toEqual([
    {
      name: requests,
      labels: {
        hashed_api_key: ann.id,
        api_key_alias: "ann",
        team,
        team_alias: "design",
        route: "flat",
        requested_model: "",
        status_code: "200",
      },
      value: 2,
    },
  ]);
  expect(sum(requests)).toBe(9);
  expect(sum(requests, { team })).toBe(6);
  expect(sum(requests, { hashed_api_key: "master" })).toBe(1);
  expect(sum(requests, { route: "chat", requested_model: "small", status_code: "200" })).toBe(4);
  expect(all("litellm_proxy_failed_requests_metric_total")).toMatchObject([
    { labels: { route: "chat", api_key_alias: "ann", status_code: "500" }, value: 1 },
  ]);
});

test("spend and tokens are what was told and priced, by model", async () => {
  const { sum } = await scrape(gateway.url);

  const small = 10 * 0.000001 + 5 * 0.000002;
  expect(sum(spend, { model: "small", api_key_alias: "ann" })).toBeCloseTo(2 * small, 9);
  expect(sum(spend, { model: "small" })).toBeCloseTo(4 * small, 9);
  expect(sum(spend, { route: "flat" })).toBeCloseTo(0.04, 9);
  expect(sum(spend)).toBeCloseTo(4 * small + 0.002 + 0.04, 9);
  expect(sum("litellm_input_tokens_metric_total", { model: "small" })).toBe(40);
  expect(sum("litellm_output_tokens_metric_total", { model: "large" })).toBe(500);
  expect(sum("litellm_total_tokens_metric_total", { team })).toBe(2 * 15 + 1_500);
});

test("what is left of a budget is told of keys and teams that have one", async () => {
  const { all } = await scrape(gateway.url);

  const spent = 2 * 0.00002 + 0.002 + 0.04;
  const [key, ...keys] = all("litellm_remaining_api_key_budget_metric");
  const [group, ...groups] = all("litellm_remaining_team_budget_metric");
  expect([keys, groups]).toEqual([[], []]);
  expect(key?.labels).toEqual({ hashed_api_key: ann.id, api_key_alias: "ann" });
  expect(key?.value).toBeCloseTo(5 - spent, 9);
  expect(group?.labels).toEqual({ team, team_alias: "design" });
  expect(group?.value).toBeCloseTo(20 - spent, 9);
});

test("calls without a price, and callers that were turned away, are counted with the reason", async () => {
  const { all } = await scrape(gateway.url);

  expect(all("tollgate_unpriced_calls_total")).toMatchObject([
    { labels: { route: "plain", reason: "no_usage" }, value: 1 },
  ]);
  expect(all("tollgate_turned_away_total")).toMatchObject([
    { labels: { route: "flat", code: "key_invalid" }, value: 2 },
    { labels: { route: "", code: "route_not_found" }, value: 1 },
  ]);
});

test("a histogram's buckets add up, and the last one holds all", async () => {
  const seen = await scrape(gateway.url);
  const names = [...seen.families.values()].filter(({ type }) => type === "histogram");

  expect(names.map(({ name }) => name)).toEqual([
    "litellm_request_total_latency_metric",
    "litellm_llm_api_latency_metric",
    "litellm_llm_api_time_to_first_token_metric",
    "litellm_overhead_latency_metric",
  ]);
  for (const { name } of names) {
    expect(seen.sum(`${name}_count`, { route: "chat" })).toBe(6);
    expect(seen.sum(`${name}_sum`, { route: "chat" })).toBeGreaterThan(0);
    for (const { labels, value } of seen.all(`${name}_count`)) {
      checkBuckets(seen.all(`${name}_bucket`, labels), value);
    }
  }
});

test("a call under way is told while it runs, and its seconds afterwards", async () => {
  const inFlight = "tollgate_requests_in_flight";
  const before = (await scrape(gateway.url)).sum(inFlight);
  const running = call("/slow", masterKey);
  await upstream.waitFor(({ target }) => target === "/slow");

  const during = (await scrape(gateway.url)).sum(inFlight);
  await running;
  const after = await scrape(gateway.url);

  expect([before, during, after.sum(inFlight)]).toEqual([0, 1, 0]);
  const took = (name: string) => after.sum(`${name}_sum`, { route: "slow" });
  expect(took("litellm_request_total_latency_metric")).toBeWithin(0.69, 5);
  expect(took("litellm_llm_api_latency_metric")).toBeWithin(0.69, 5);
  expect(took("litellm_overhead_latency_metric")).toBeLessThan(0.69);
});

test("counts that cannot be are counted, and are in no sum", async () => {
  const before = await scrape(gateway.url);

  await call("/impossible", masterKey);
  const after = await scrape(gateway.url);

  expect(before.sum("tollgate_usage_invalid_total")).toBe(0);
  expect(after.sum("tollgate_usage_invalid_total")).toBe(1);
  const tokens = "litellm_total_tokens_metric_total";
  expect(after.sum(tokens)).toBe(before.sum(tokens));
});

test("the process tells of itself", async () => {
  const first = await scrape(gateway.url);
  const second = await scrape(gateway.url);

  expect(first.all("tollgate_build_info")).toMatchObject([{ value: 1 }]);
  expect(first.sum("process_resident_memory_bytes")).toBeGreaterThan(1e7);
  expect(first.all("tollgate_journal_bytes")).toHaveLength(1);
  expect(second.sum("process_cpu_seconds_total")).toBeGreaterThanOrEqual(
    first.sum("process_cpu_seconds_total"),
  );
  const started = "process_start_time_seconds";
  expect(second.sum(started)).toBe(first.sum(started));
  for (const name of [
    "tollgate_log_lines_dropped_total",
    "tollgate_ledger_rows_dropped_total",
    "tollgate_body_log_dropped_total",
    "tollgate_uncaught_errors_total",
    "tollgate_body_log_queue_bytes",
  ]) {
    expect(first.all(name)).toMatchObject([{ value: 0 }]);
  }
  expect(second.all("tollgate_event_loop_lag_seconds").map(({ labels }) => labels["of"])).toEqual([
    "max",
    "p99",
    "mean",
  ]);
});

/** Never falling, from the lowest end to +Inf. */
function checkBuckets(buckets: ReturnType<Scrape["all"]>, count: number): void {
  const ends = buckets.map(({ labels }) =>
    labels["le"] === "+Inf" ? Infinity : Number(labels["le"]),
  );
  const values = buckets.map(({ value }) => value);
  expect(ends).toEqual(ends.toSorted((a, b) => a - b));
  expect(values).toEqual(values.toSorted((a, b) => a - b));
  expect([ends.at(-1), values.at(-1)]).toEqual([Infinity, count]);
}
