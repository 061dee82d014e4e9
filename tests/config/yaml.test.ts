import { expect, test } from "bun:test";
import { build, onlyRoute, route, routes } from "./load.ts";

test.each(["yes", "Yes", "on", "TRUE", "y", "true"])(
  "%s is true where a boolean is meant",
  (word) => {
    expect(onlyRoute(route(`      include_subpath: ${word}\n`)).includeSubpath).toBeTrue();
  },
);

test.each(["no", "Off", "n", "FALSE", "false"])("%s is false where a boolean is meant", (word) => {
  expect(onlyRoute(route(`      auth: ${word}\n`)).auth).toBe("anyone");
});

test("the same words stay as they are written where a text is meant", () => {
  const { headers } = onlyRoute(
    route("      headers: {a: yes, b: on, c: True, d: 2.10, e: 0x1F}\n"),
  );

  expect({ ...headers.fixed }).toEqual({ a: "yes", b: "on", c: "True", d: "2.10", e: "0x1F" });
});

test("a number too long for a number keeps its digits", () => {
  const { headers } = onlyRoute(route("      headers: {account: 12345678901234567890}\n"));

  expect(headers.fixed["account"]).toBe("12345678901234567890");
});

const crlf = routes("    - path: /x\n      target: https://up.example\n").replaceAll("\n", "\r\n");

test.each([
  ["a byte order mark", `\ufeff${crlf}`],
  ["CRLF line ends", crlf],
  ["no last line break", crlf.trimEnd()],
])("%s makes no difference", (_, yaml) => {
  expect(onlyRoute(yaml).path).toBe("/x");
});

test("a fault after a byte order mark and CRLF stands on its own line and column", () => {
  const { faults } = build(`\ufeff${crlf}      auth: "no"\r\n`);

  expect(faults[0]).toStartWith("config.yaml:5:7 general_settings.pass_through_endpoints[0].auth:");
});

test.each([
  ["an empty file", ""],
  ["a file of comments", "# general_settings:\n\n  # nothing yet\n"],
  ["settings without a value", "general_settings:\n"],
  ["no endpoints", "general_settings:\n  pass_through_endpoints: []\n"],
])("%s starts, serves nothing and says so", (_, yaml) => {
  const { runtime, warnings } = build(yaml);

  expect(runtime?.rules.routes.all).toEqual([]);
  expect(warnings.join()).toContain("there is nothing to serve");
});

test("anchors, aliases and merged maps are read, and their booleans too", () => {
  const yaml = [
    "defaults: &defaults {auth: yes, target: https://up.example, headers: &h {a: b}}",
    "general_settings:",
    "  pass_through_endpoints:",
    "    - {<<: *defaults, path: /x}",
    "    - {path: /y, target: https://other.example, headers: *h, auth: on}",
  ].join("\n");

  const { routes: served } = build(yaml);

  expect(served.map((one) => [one.path, one.auth, one.headers.fixed["a"]])).toEqual([
    ["/x", "key", "b"],
    ["/y", "key", "b"],
  ]);
});

test("a fault in an aliased value stands at its anchor", () => {
  const yaml = routes("    - &one {path: /x, target: nothing here}\n    - *one\n");

  const { faults } = build(yaml);

  expect(faults.map((line) => line.split(" ")[0])).toEqual([
    "config.yaml:3:23",
    "config.yaml:3:23",
  ]);
});

test("a file of a megabyte is read, its last line too", () => {
  const endpoints = Array.from(
    { length: 14_000 },
    (_, index) =>
      `    - path: /route-${index}\n      target: https://up.example/some/path/${index}\n`,
  );
  const yaml = routes(`${endpoints.join("")}      auth: "no"\n`);

  const { faults, routes: served } = build(yaml);

  expect(yaml.length).toBeGreaterThan(1_000_000);
  expect(faults).toHaveLength(1);
  expect(faults[0]).toStartWith(`config.yaml:${14_000 * 2 + 3}:7 `);
  expect(served).toHaveLength(13_999);
});

test.each(["__proto__", "constructor", "prototype", "toString", "hasOwnProperty"])(
  "the key %s is a key like any other, wherever it stands",
  (name) => {
    const yaml = [
      `${name}: {polluted: true}`,
      "environment_variables:",
      `  ${name}: polluted`,
      "general_settings:",
      `  ${name}: {polluted: true}`,
      "  pass_through_endpoints:",
      "    - path: /x",
      "      target: https://up.example",
      `      ${name}: {polluted: true}`,
      "      headers:",
      `        ${name}: os.environ/${name}`,
      "      default_query_params:",
      `        ${name}: a`,
    ].join("\n");

    const { warnings, routes: served } = build(yaml);

    expect(Reflect.get({}, "polluted")).toBeUndefined();
    expect(served[0]?.headers.fixed[name]).toBe("polluted");
    expect(served[0]?.query.defaults).toEqual([`${name}=a`]);
    expect(warnings.filter((line) => line.includes("nobody reads this key"))).toHaveLength(3);
  },
);

test("all faults are told at once, in the order of the file, one a key", () => {
  const yaml = [
    "general_settings:",
    "  master_key: 5",
    "  allowed_ips: [nowhere]",
    "  pass_through_endpoints:",
    "    - path: /x",
    "      target: ftp://up.example",
    '      auth: "yes"',
    "    - path: y",
    "      target: https://up.example",
    "      headers: {a: os.environ/GONE, b: 'x', B: 'y'}",
    "    - path: /z",
    "      target: https://up.example",
    "      credentials: [{}]",
    "    - path: /z",
    "      target: https://up.example",
    "guardrails: [{}]",
  ].join("\n");

  const { faults } = build(yaml, { addresses: ["0.0.0.0"] });

  expect(faults.map((line) => line.split(": ")[0])).toEqual([
    "config.yaml:2:3 general_settings.master_key",
    "config.yaml:3:17 general_settings.allowed_ips[0]",
    "config.yaml:6:7 general_settings.pass_through_endpoints[0].target",
    "config.yaml:7:7 general_settings.pass_through_endpoints[0].auth",
    "config.yaml:8:7 general_settings.pass_through_endpoints[1].path",
    "config.yaml:10:17 general_settings.pass_through_endpoints[1].headers.a",
    "config.yaml:13:7 general_settings.pass_through_endpoints[2].credentials",
    "config.yaml:14:7 general_settings.pass_through_endpoints[3].path",
    "config.yaml:16:1 guardrails",
  ]);
});

test("a key without a value counts as absent, and is told where that matters", () => {
  const yaml = "general_settings:\n  allowed_ips:\n  admin_hosts:\n  pass_through_endpoints: []\n";

  const { warnings } = build(yaml);

  expect(warnings[0]).toStartWith(
    "config.yaml:2:3 general_settings.allowed_ips: this key has no value",
  );
  expect(warnings.join()).not.toContain("admin_hosts");
});
