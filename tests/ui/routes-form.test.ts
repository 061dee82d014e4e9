import { expect, test } from "bun:test";
import {
  changesOf,
  newRoute,
  rebased,
  type RouteValues,
  settingsOf,
  valuesOf,
} from "../../src/ui/pages/routes/form-state.ts";

/** Every key that the API honours, set to something. */
const everything = {
  path: "/bria",
  target: "https://engine.prod.bria-api.com",
  include_subpath: true,
  forward_headers: true,
  merge_query_params: true,
  trust_upstream_cost: true,
  request_stream_usage: true,
  drain_on_disconnect: true,
  methods: ["GET", "POST"],
  headers: { api_token: "secret", accept: "application/json" },
  default_query_params: { version: "v1" },
  auth: false,
  budget_duration: "30d",
  provider: "openai",
  custom_auth_parser: "langfuse",
  cost_per_request: 0.04,
  rpm_limit: 10,
  tpm_limit: 1000,
  max_parallel_requests: 2,
  max_budget: 12.5,
  timeout: 600,
  connect_timeout: 5,
  stream_idle_timeout: 300,
  max_duration: 3600,
  client_idle_timeout: 120,
  max_body_size: 0,
  usage: { model: "/model", units: { images: 1 } },
  prices: { images: 0.04 },
  log: { bodies: true, max_bytes: 1024, sample: 0.1 },
  tls: { verify: false, server_name: "bria.example" },
};

test("every setting goes through the form unchanged", () => {
  expect(settingsOf(valuesOf(everything))).toEqual(everything);
});

test("a new route serves what is below it, and sends only what was set", () => {
  const values = { ...newRoute(), path: "/bria", target: "https://a.example" };

  expect(settingsOf(values)).toEqual({
    path: "/bria",
    target: "https://a.example",
    include_subpath: true,
  });
});

test("a free call is set, an empty cost is not", () => {
  const free = { ...newRoute(), cost_per_request: 0 };

  expect(settingsOf(free)).toHaveProperty("cost_per_request", 0);
  expect(settingsOf(newRoute())).not.toHaveProperty("cost_per_request");
});

test("what replies add to the settings is nothing that was set", () => {
  const reply = {
    id: "bria",
    path: "/bria",
    target: "https://a.example",
    headers: {},
    default_query_params: {},
    include_subpath: false,
    cost_per_request: null,
    timeout: null,
    auth: true,
    guardrails: null,
    methods: null,
    is_from_config: false,
    version: 3,
  };

  expect(settingsOf(valuesOf(reply))).toEqual({ path: "/bria", target: "https://a.example" });
});

test.each(["off", "metadata", "bodies"])("log: %s stays its short form", (log) => {
  expect(settingsOf(valuesOf({ ...everything, log }))).toHaveProperty("log", log);
});

test("an edit sends what differs, and null for what was taken out", () => {
  const before = settingsOf(valuesOf(everything));
  const values: RouteValues = {
    ...valuesOf(everything),
    target: "https://b.example",
    rpm_limit: null,
    include_subpath: false,
    auth: true,
  };

  expect(changesOf(before, settingsOf(values))).toEqual({
    target: "https://b.example",
    rpm_limit: null,
    include_subpath: null,
    auth: null,
  });
  expect(changesOf(before, before)).toEqual({});
});

test("a stored secret is sent back as it was shown, beside one that is new", () => {
  const stored = valuesOf({ ...everything, headers: { api_token: "********cret" } });
  const [kept] = stored.headers;
  const values = { ...stored, headers: [...stored.headers, { name: "x-org", value: "acme" }] };

  expect(kept).toEqual({ name: "api_token", value: "********cret", stored: "********cret" });
  expect(changesOf(settingsOf(stored), settingsOf(values))).toEqual({
    headers: { api_token: "********cret", "x-org": "acme" },
  });
});

test("JSON that cannot be read is not sent", () => {
  expect(settingsOf({ ...newRoute(), usage: "{" })).not.toHaveProperty("usage");
});

test("one's own changes stand over those of somebody else", () => {
  const base = valuesOf(everything);
  const mine = { ...base, target: "https://mine.example" };
  const theirs = { ...base, target: "https://theirs.example", rpm_limit: 99 };

  const merged = rebased(base, mine, theirs);

  expect(merged.target).toBe("https://mine.example");
  expect(merged.rpm_limit).toBe(99);
});
