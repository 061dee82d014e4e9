import { expect, test } from "bun:test";
import { build, onlyRoute, route } from "./load.ts";

const logOf = (lines: string) => {
  const { keepsRows, bodyLogging } = onlyRoute(lines);
  return { keepsRows, bodyLogging };
};

const none = { keepsRows: true, bodyLogging: null };
const all = { keepsRows: true, bodyLogging: { maxBytes: 65_536, share: 1 } };

test.each([
  ["", none],
  ["      log: metadata\n", none],
  ["      log: off\n", { keepsRows: false, bodyLogging: null }],
  ["      log: false\n", { keepsRows: false, bodyLogging: null }],
  ["      log: bodies\n", all],
  ["      log: {bodies: yes}\n", all],
  ["      log: {bodies: false}\n", none],
  [
    "      log: {bodies: true, max_bytes: 100, sample: 0.1}\n",
    { keepsRows: true, bodyLogging: { maxBytes: 100, share: 0.1 } },
  ],
])("a route that says %p", (lines, log) => {
  expect(logOf(route(lines))).toEqual(log);
  expect(build(route(lines)).warnings).toEqual([]);
});

const general = (line: string, lines = "") =>
  route(lines).replace("general_settings:\n", `general_settings:\n  ${line}\n`);

test("store_prompts_in_spend_logs is for routes that say nothing", () => {
  const stored = (lines: string) => logOf(general("store_prompts_in_spend_logs: true", lines));

  expect(stored("")).toEqual(all);
  expect(stored("      log: metadata\n")).toEqual(none);
  expect(stored("      log: {bodies: false}\n")).toEqual(none);
  expect(stored("      log: off\n")).toEqual({ keepsRows: false, bodyLogging: null });
  expect(stored("      log: {sample: 0.5}\n").bodyLogging).toEqual({
    maxBytes: 65_536,
    share: 0.5,
  });
});

test("log_max_body_bytes is for routes that name no other size", () => {
  const sized = (lines: string) => logOf(general("log_max_body_bytes: 10", lines)).bodyLogging;

  expect(sized("      log: bodies\n")?.maxBytes).toBe(10);
  expect(sized("      log: {bodies: true, max_bytes: 20}\n")?.maxBytes).toBe(20);
});

const off = "litellm_settings: {turn_off_message_logging: true}\n";

test.each([
  ["turn_off_message_logging", `${route("      log: bodies\n")}${off}`, "[0].log"],
  [
    "turn_off_message_logging",
    `${general("store_prompts_in_spend_logs: true")}${off}`,
    "store_prompts_in_spend_logs",
  ],
  ["disable_spend_logs", general("disable_spend_logs: true", "      log: bodies\n"), "[0].log"],
])("%s keeps bodies out, whatever asks for them, and says so", (name, yaml, key) => {
  const { warnings } = build(yaml);

  expect(logOf(yaml)).toEqual(none);
  expect(warnings).toHaveLength(1);
  expect(warnings[0]).toContain(`${key}: `);
  expect(warnings[0]).toContain(name);
});

test("turn_off_message_logging says nothing where nobody asks for bodies", () => {
  expect(build(route("") + off).warnings).toEqual([]);
});

test("a size of bodies that are not kept is told", () => {
  expect(build(route("      log: {max_bytes: 10}\n")).warnings).toEqual([
    "config.yaml:5:13 general_settings.pass_through_endpoints[0].log.max_bytes: no bodies are kept, so this has no effect. Add bodies: true, or take it out.",
  ]);
});

test("a key of the long form, misspelt, is told", () => {
  const { warnings } = build(route("      log: {bodies: true, samples: 0.1}\n"));

  expect(warnings.join()).toContain("[0].log.samples: nobody reads this key. Did you mean sample?");
});

const settingsOf = (line: string) => build(`general_settings: {${line}}\n`).runtime;
const day = 86_400_000;

test.each([
  ["", 30 * day],
  ["log_retention_period: 7d", 7 * day],
  ["maximum_spend_logs_retention_period: 90d", 90 * day],
  ["maximum_spend_logs_retention_period: 7d", 7 * day],
  ["log_retention_period: 60d, maximum_spend_logs_retention_period: 90d", 60 * day],
  ["log_retention_period: 60d, maximum_spend_logs_retention_period: 7d", 7 * day],
])("bodies are kept as long as {%s} says, and never longer than rows", (line, maxAgeMs) => {
  expect(settingsOf(line)?.bodyLog.retention.maxAgeMs).toBe(maxAgeMs);
});

test("the log's sizes, left out and set", () => {
  expect(settingsOf("")?.bodyLog).toMatchObject({
    maxBytes: 65_536,
    retention: { maxBytes: 4096 * 1024 * 1024 },
  });
  expect(settingsOf("log_max_size_mb: 1.5, log_max_body_bytes: 7")?.bodyLog).toMatchObject({
    maxBytes: 7,
    retention: { maxBytes: 1.5 * 1024 * 1024 },
  });
});

test.each([
  ["127.0.0.1:9090", "127.0.0.1", 9090, false],
  ["localhost:0", "localhost", 0, false],
  ["[::1]:9090", "::1", 9090, false],
  ["0.0.0.0:9090", "0.0.0.0", 9090, true],
  ["metrics.internal:1", "metrics.internal", 1, true],
])("metrics_listen %s", (written, hostname, port, isOpen) => {
  const { runtime, warnings } = build(
    route("").replace(":\n", `:\n  metrics_listen: "${written}"\n`),
  );

  expect(runtime?.metricsListen).toEqual({ hostname, port });
  expect(warnings.join().includes("anyone who reaches this address")).toBe(isOpen);
});

test("without metrics_listen there is no such listener", () => {
  expect(settingsOf("")?.metricsListen).toBeNull();
});
