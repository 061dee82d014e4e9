import { expect, test } from "bun:test";
import { loadConfig } from "../../src/config/load.ts";
import { reportOn } from "../../src/config-report.ts";
import { restartNeeded } from "../../src/restart-needed.ts";
import { buildRuntime } from "../../src/runtime.ts";
import {
  changeLines,
  changesNothing,
  needsRestart,
  restartSettings,
} from "../../src/ui/pages/config/changes.ts";
import {
  countsByStatus,
  filteredSections,
  pageOfSections,
  rankedFindings,
  rowCount,
  shortPlace,
} from "../../src/ui/pages/config/report.ts";

const surroundings = {
  env: {},
  addresses: ["127.0.0.1"],
  port: 4000,
  sampleUrl: () => "http://127.0.0.1:9",
  keys: { find: () => null, team: () => null },
};

const yaml = `general_settings:
  alerting: []
  pass_through_endpoints:
    - path: /bria
      target: https://a.example
      headers: { api_token: abc }
    - path: /broken
`;

function reported(text = yaml) {
  const source = { file: "/etc/tollgate/config.yaml", watched: null, read: () => text };
  return reportOn(source, surroundings, []);
}

test("faults come first, then what is unsafe, then warnings", () => {
  const report = reported();

  const ranked = rankedFindings(report).map(([rank, { key }]) => [rank, key.split(".").at(-1)]);

  expect(ranked).toEqual([
    ["fault", "target"],
    ["unsafe", "auth"],
    ["warning", "alerting"],
  ]);
  expect(ranked.length).toBe(report.findings.length);
});

test("a place is told without its folder; one that is no file stays as it is", () => {
  const { file, findings } = reported();

  const places = findings.map(({ place }) => shortPlace(place, file));

  expect(places).toContain("config.yaml:2:3");
  expect(shortPlace("C:\\tollgate\\config.yaml:1:1", "C:\\tollgate\\config.yaml")).toBe(
    "config.yaml:1:1",
  );
  expect(shortPlace("endpoint 1f, made through the API", file)).toBe(
    "endpoint 1f, made through the API",
  );
});

test("keys are found by status, by route, and by what they do", () => {
  const { sections } = reported();
  const found = (status: string, text: string) =>
    filteredSections(sections, { status, text }).flatMap(({ rows }) => rows.map(({ key }) => key));

  expect(found("", "")).toHaveLength(rowCount(sections));
  expect(found("ignored", "")).toEqual(["alerting"]);
  expect(found("ignored", "/bria")).toEqual([]);
  expect(found("", "/BRIA")).toContain("headers.api_token");
  expect(found("", "no such words")).toEqual([]);
  expect([...countsByStatus(sections).values()].reduce((sum, one) => sum + one)).toBe(
    rowCount(sections),
  );
});

test("pages of keys hold every key once, under its section's title", () => {
  const rows = (count: number) =>
    Array.from({ length: count }, (_, at) => ({
      line: at,
      status: "honoured",
      key: `k${at}`,
      meaning: "",
    }));
  const sections = [
    { title: "a", rows: rows(3) },
    { title: "b", rows: rows(4) },
  ];

  const pages = [1, 2, 3, 4].map((page) => pageOfSections(sections, page, 3));

  const shape = pages.map((page) => page.map(({ title, rows: own }) => `${title}${own.length}`));
  expect(shape).toEqual([["a3"], ["b3"], ["b1"], []]);
});

const nothing = {
  can_reload: true,
  faults: [],
  warnings: [],
  added: [],
  changed: [],
  removed: [],
};

test("what a reload would do is told line by line, in words", () => {
  const lines = changeLines({
    ...nothing,
    added: ["/c"],
    removed: ["POST /a (old)"],
    changed: ["general_settings.ledger_sync", "POST /b (x) (label, target, headers)"],
  });

  expect(lines.map(({ sign, kind, name, parts }) => [sign, kind, name, ...parts])).toEqual([
    ["+", "route", "/c"],
    ["−", "route", "POST /a (old)"],
    ["~", "setting", "general_settings.ledger_sync"],
    ["~", "route", "POST /b (x)", "target", "headers"],
  ]);
  expect(lines.map((line) => line.needsRestart)).toEqual([false, false, true, false]);
});

test("nothing to do is told apart from warnings and faults", () => {
  expect(changesNothing(nothing)).toBe(true);
  expect(changesNothing({ ...nothing, warnings: ["a"] })).toBe(false);
  expect(changesNothing({ ...nothing, can_reload: false, faults: ["a"] })).toBe(false);
  expect(needsRestart({ ...nothing, changed: ["general_settings.master_key"] })).toBe(false);
});

test("the settings that need a restart are those of the gateway", () => {
  const runtimeOf = (text: string) => {
    const { runtime } = buildRuntime(loadConfig(text, "c.yaml", { env: {} }), surroundings, []);
    if (runtime === null) throw new Error("faults");
    return runtime;
  };
  const before = runtimeOf("general_settings: {}\n");
  const after = runtimeOf(
    `general_settings:
  database_url: sqlite://other.db
  disable_spend_logs: true
  ledger_sync: turn
  metrics_listen: 127.0.0.1:9464
`,
  );

  expect(restartNeeded(before, after).sort()).toEqual([...restartSettings].sort());
});
