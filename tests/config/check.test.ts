import { expect, test } from "bun:test";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runTollgate } from "../helpers/gateway.ts";
import { build, route } from "./load.ts";

const yaml = [
  "general_settings:",
  "  master_key: os.environ/KEY",
  "  pass_through_endpoints:",
  "    - path: /open",
  "      target: https://a.example/x?key=abc",
  "      auth: off",
  "      alerting: []",
  "    - path: /later",
  "      target: https://b.example",
  "      enabled_if: LATER",
  "    - path: /guarded",
  "      target: http://c.example",
  "      auth: true",
  "      log: bodies",
  "      headers: {x-api-key: os.environ/KEY, Host: d}",
  "router_settings: {num_retries: 3}",
].join("\n");

/** Status by key, of the section with this title. */
function statuses(report: string, title: string): Record<string, string> {
  const section = report.split("\n\n").find((part) => part.startsWith(title)) ?? "";
  const rows = section.split("\n").slice(2);
  return Object.fromEntries(
    rows.map((row) => {
      const [, status = "", key = ""] = row.trim().split(/ {2,}/);
      return [key, status];
    }),
  );
}

test("check exits 0 where there is no fault, its last line the sum, with no colours", async () => {
  using config = fileOf(yaml);

  const { code, stdout, stderr } = await runTollgate(["check", "--config", config.path], {
    env: { KEY: "canary-0123456789abcdef", FORCE_COLOR: "1" },
  });

  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  expect(stdout).toEndWith("\n2 routes, 0 faults, 6 warnings\n");
  expect(stdout).not.toContain("\u001b");
  expect(stdout).not.toContain("canary");
});

test("check holds a config against the address it would listen on", async () => {
  using config = fileOf("general_settings: {master_key: sk-1234}\n");

  const here = await runTollgate(["check", "--config", config.path]);
  const there = await runTollgate(["check", "--config", config.path, "--host", "0.0.0.0"]);

  expect([here.code, there.code]).toEqual([0, 2]);
  expect(there.stdout).toContain("can be guessed, and the listener is not on a loopback address");
});

test("every key has its line and what becomes of it", () => {
  const { report } = build(yaml, { env: { KEY: "sk-0123456789abcdef" } });

  expect(statuses(report, "general_settings")).toEqual({ master_key: "unsafe" });
  expect(statuses(report, "/open")).toEqual({
    path: "honoured",
    target: "honoured",
    auth: "unsafe",
    alerting: "ignored",
    methods: "differs",
  });
  expect(statuses(report, "/guarded")).toEqual({
    path: "honoured",
    target: "unsafe",
    auth: "honoured",
    log: "honoured",
    headers: "differs",
    "headers.x-api-key": "honoured",
    "headers.Host": "ignored",
    methods: "differs",
  });
  expect(statuses(report, "router_settings")).toEqual({ num_retries: "ignored" });
  expect(report).toContain("  2     unsafe  master_key");
  expect(report).toContain("  15    ignored   headers.Host");
});

test("the routes stand as they would be served, those that are off with the reason", () => {
  const { report } = build(yaml, { env: { KEY: "sk-0123456789abcdef" } });

  expect(report).toContain("  any     /open     https://a.example/x  anyone");
  expect(report).toContain("  any     /guarded  http://c.example/    key");
  expect(report).toContain("  -       /later    off (LATER not set)");
});

test("with a fault the other routes are told all the same", () => {
  const { report, runtime } = build(route("    - {path: /y, target: nothing here}\n"));

  expect(runtime).toBeNull();
  expect(report).toContain("any     /x    https://up.example/y");
  expect(report).toEndWith("\n1 route, 1 fault, 0 warnings");
});

test("a setting of LiteLLM's that is switched off asks for nothing", () => {
  const off = "general_settings: {enable_jwt_auth: no, enforced_params: [], custom_auth: false}\n";

  expect(build(off).faults).toEqual([]);
  expect(build(off.replace("no", "yes")).faults).toHaveLength(1);
});

function fileOf(text: string) {
  const dir = mkdtempSync(join(tmpdir(), "tollgate-check-"));
  const path = join(dir, "config.yaml");
  writeFileSync(path, text);
  return { path, [Symbol.dispose]: () => rmSync(dir, { recursive: true, force: true }) };
}
