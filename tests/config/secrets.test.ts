import { expect, test } from "bun:test";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build, onlyRoute, route, routes } from "./load.ts";

const headersOf = (value: string, env: Record<string, string>) =>
  onlyRoute(route(`      headers:\n        a: "${value}"\n`), { env }).headers.fixed["a"];

test.each([
  ["bearer os.environ/KEY", "bearer v1"],
  ["os.environ/KEY", "v1"],
  ["os.environ/KEY-suffix", "v1-suffix"],
  ["os.environ/{KEY}suffix", "v1suffix"],
  ["os.environ/KEY:os.environ/OTHER", "v1:v2"],
  ["os.environ/{KEY}os.environ/{OTHER}", "v1v2"],
  ["(os.environ/KEY)", "(v1)"],
])("%s becomes %s", (written, sent) => {
  expect(headersOf(written, { KEY: "v1", OTHER: "v2" })).toBe(sent);
});

test.each(["$&", "$1", "$$", "$`x", "a\\b", "os.environ/OTHER", "cred/x", "{}"])(
  "a secret of %s survives as it is",
  (secret) => {
    expect(headersOf("x os.environ/KEY y", { KEY: secret, OTHER: "no" })).toBe(`x ${secret} y`);
  },
);

test("cred/NAME reads the service manager's credential, without its last line break", () => {
  using directory = credentials({ cohere: "from-a-file\n" });
  const env = { CREDENTIALS_DIRECTORY: directory.path };

  expect(headersOf("bearer cred/cohere", env)).toBe("bearer from-a-file");
  expect(headersOf("https://host/cred/cohere", env)).toBe("https://host/cred/cohere");
});

test("cred/ reaches nothing beside its directory", () => {
  using directory = credentials({ a: "x" });
  const env = { CREDENTIALS_DIRECTORY: join(directory.path, "sub"), HOME: directory.path };

  const { faults } = build(route("      headers: {a: cred/.., b: cred/../a}\n"), { env });

  expect(faults.map((line) => line.split(": ")[0]?.split(" ")[1])).toEqual([
    "general_settings.pass_through_endpoints[0].headers.a",
    "general_settings.pass_through_endpoints[0].headers.b",
  ]);
});

test("what is missing in an endpoint that is on is a fault, in one that is off nothing", () => {
  const yaml = routes(
    [
      "    - path: /on",
      "      target: https://up.example",
      "      headers: {a: os.environ/GONE_1 os.environ/GONE_2}",
      "    - path: /off",
      "      target: os.environ/GONE_3",
      "      enabled_if: SET, GONE_4",
      "      proxy: os.environ/GONE_5",
      "      headers: {a: os.environ/GONE_4}",
    ].join("\n"),
  );

  const { faults, off, report } = build(yaml, { env: { SET: "1" } });

  expect(faults).toHaveLength(1);
  expect(faults[0]).toContain("os.environ/GONE_1, os.environ/GONE_2 are not set");
  expect(off).toEqual([{ path: "/off", unset: ["GONE_4"] }]);
  expect(report).toContain("/off  off (GONE_4 not set)");
});

test("what only LiteLLM needs may be missing", () => {
  const yaml = [
    "model_list: [{litellm_params: {api_key: os.environ/GONE}}]",
    "litellm_settings: {callbacks: [os.environ/GONE]}",
    "router_settings: {redis_host: os.environ/GONE}",
    "general_settings:",
    "  cold_storage_custom_logger: os.environ/GONE",
    "  litellm_license: os.environ/GONE",
    "  alert_to_webhook_url: os.environ/GONE",
  ].join("\n");

  expect(build(yaml).faults).toEqual([]);
});

test("environment_variables count over the environment, from top to bottom", () => {
  const yaml = [
    "environment_variables:",
    "  KEY: from-the-file",
    "  BOTH: os.environ/KEY and os.environ/OUTER",
    "  LITELLM_MASTER_KEY: sk-0123456789abcdef",
    "  KEPT: os.environ/GONE",
    route("      auth: true\n      headers: {a: os.environ/BOTH, b: os.environ/KEPT}\n"),
  ].join("\n");

  const { runtime, warnings } = build(yaml, { env: { KEY: "no", OUTER: "outer", KEPT: "kept" } });

  const fixed = runtime?.rules.routes.all[0]?.headers.fixed;
  expect({ ...fixed }).toEqual({ a: "from-the-file and outer", b: "kept" });
  expect(runtime?.rules.keys.masterKey?.matches("sk-0123456789abcdef")).toBeTrue();
  expect(warnings.join()).toContain("environment_variables.KEPT: os.environ/GONE is not set");
});

test("no message, report or label ever shows a secret", () => {
  const canary = "canary";
  const env = { S: canary, T: `https://up.example/${canary}/x?key=${canary}`, B: `${canary}\n` };
  const yaml = [
    "environment_variables: {X: canary}",
    "general_settings:",
    "  master_key: canary",
    "  allowed_ips: [os.environ/S, canary]",
    "  pass_through_request_timeout: os.environ/S",
    "  pass_through_endpoints:",
    "    - {path: /a, target: os.environ/T, headers: {a: os.environ/S, b: canary}}",
    "    - {path: /b, target: os.environ/S}",
    "    - {path: /c, target: 'https://canary:canary@up.example/'}",
    "    - {path: /d, target: 'https://up.example/?key=canary', headers: {a: os.environ/B}}",
    "    - {path: /e, target: https://up.example, auth: canary, timeout: canary, proxy: canary}",
    "    - {path: /f, target: https://up.example, headers: {a: {b: canary}}, methods: [can-ary]}",
    "    - {path: /g, target: https://up.example, auth: os.environ/S, headers: {litellm_user_api_key: os.environ/B}}",
    "    - {path: /h, target: https://up.example, cost_per_request: canary, guardrails: canary}",
  ].join("\n");

  const { report, faults, routes: served } = build(yaml, { env, addresses: ["0.0.0.0"] });

  expect(faults.length).toBeGreaterThan(10);
  expect(served[0]?.target.path).toBe("/canary/x");
  expect(report).not.toContain(canary);
  expect(served.map((one) => one.label).join()).not.toContain(canary);
});

function credentials(files: Record<string, string>) {
  const path = mkdtempSync(join(tmpdir(), "tollgate-credentials-"));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(path, name), text);
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
}
