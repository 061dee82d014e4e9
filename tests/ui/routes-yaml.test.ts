import { expect, test } from "bun:test";
import { parse } from "yaml";
import { hasMask, yamlOf } from "../../src/ui/pages/routes/yaml.ts";

const reply = {
  id: "bria",
  path: "/bria",
  target: "https://engine.prod.bria-api.com/?a=1&b=2",
  headers: { api_token: "********3456", accept: "application/json", odd: "yes", "x: y": "# no\n" },
  default_query_params: { version: "1", flag: "true", empty: "" },
  include_subpath: true,
  cost_per_request: 0.04,
  timeout: null,
  auth: true,
  guardrails: null,
  methods: ["GET", "POST"],
  usage: { model: "/model", units: { images: { request: "/num_results" }, calls: 1 } },
  log: { bodies: true, sample: 0.1 },
  is_from_config: false,
  enabled: true,
  version: 3,
  created_at: "2026-01-01T00:00:00.000Z",
  created_by: "master key",
  updated_at: "2026-01-01T00:00:00.000Z",
  updated_by: "master key",
};

test("a route as YAML is read back as what was set, and nothing else", () => {
  const { timeout: _, guardrails: __, ...rest } = reply;
  const { is_from_config: ___, enabled: ____, version: _____, ...settings } = rest;
  const { created_at: _a, created_by: _b, updated_at: _c, updated_by: _d, ...written } = settings;

  const read: unknown = parse(yamlOf(reply));

  expect(read).toEqual({ general_settings: { pass_through_endpoints: [written] } });
});

test.each([
  "true",
  "No",
  "1",
  "1e3",
  "0x1",
  "~",
  "- a",
  "a: b",
  "a #b",
  "'",
  '"',
  "\u2028",
  "{",
  "*x",
  "",
  " a",
  "2026-01-01",
  "on",
])("the text %p stays a text", (text) => {
  const read = parse(yamlOf({ path: "/a", target: text, headers: { [text]: text } }), {
    version: "1.1",
  });

  expect(read.general_settings.pass_through_endpoints[0]).toEqual({
    path: "/a",
    target: text,
    headers: { [text]: text },
  });
});

test("masked secrets are known to have to be filled in", () => {
  expect(hasMask(yamlOf(reply))).toBe(true);
  expect(hasMask(yamlOf({ path: "/a", target: "https://a.example" }))).toBe(false);
});

test("an id that the file's path makes is not written", () => {
  const yaml = yamlOf({
    id: "GET /a",
    path: "/a",
    target: "https://a.example",
    is_from_config: true,
  });

  expect(yaml).toBe(
    "general_settings:\n  pass_through_endpoints:\n    - path: /a\n      target: https://a.example\n",
  );
});
