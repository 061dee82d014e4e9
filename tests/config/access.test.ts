import { expect, test } from "bun:test";
import { build, route, routes } from "./load.ts";

const anywhere = { addresses: ["0.0.0.0"] };
const strong = "  master_key: sk-0123456789abcdef\n";
const withKey = (more: string) =>
  `general_settings:\n${strong}  pass_through_endpoints:\n    - path: /x\n      target: https://up.example\n${more}`;
const secret = "      headers: {Authorization: bearer abc}\n";

test.each(["sk-1234", "short", "sk-1111111111111111", "sk-1234567890abcdef"])(
  "the master key %s is a warning at this machine, a fault anywhere else",
  (key) => {
    const yaml = `general_settings: {master_key: "${key}"}\n`;

    const here = build(yaml);
    const there = build(yaml, anywhere);

    expect(here.runtime).not.toBeNull();
    expect(here.warnings.join()).toContain("can be guessed");
    expect(there.runtime).toBeNull();
    expect(there.faults.join()).toContain("can be guessed");
    expect([...here.warnings, ...there.faults].join()).not.toContain(key);
  },
);

test("LITELLM_MASTER_KEY is held against the same, by its own name", () => {
  const { faults } = build("", { ...anywhere, env: { LITELLM_MASTER_KEY: "sk-1234" } });

  expect(faults.join()).toContain("LITELLM_MASTER_KEY can be guessed");
});

test("a master key with a line break is a fault: no client could show it", () => {
  const { faults } = build("", { env: { LITELLM_MASTER_KEY: "sk-0123456789abcdef\n" } });

  expect(faults.join()).toContain("that no client can send");
});

test.each([
  ["missing", ""],
  ["true", "      auth: true\n"],
])("auth %s, credentials, no master key: a fault on another address than loopback", (_, auth) => {
  const yaml = route(secret + auth);

  expect(build(yaml, anywhere).faults.join()).toContain("there is no master key to guard it");
  expect(build(yaml).faults).toEqual([]);
});

test("auth: false says so, and starts", () => {
  const { faults, warnings } = build(route(`${secret}      auth: false\n`), anywhere);

  expect(faults).toEqual([]);
  expect(warnings.join()).toContain("anyone who reaches this gateway may call /x");
});

test("a route without credentials needs no master key", () => {
  expect(build(route(""), anywhere)).toMatchObject({ faults: [], warnings: [] });
});

test.each([
  ["auth missing at this machine", withKey(secret), {}, "anyone at this machine may call /x"],
  [
    "auth: true without a key",
    route("      auth: true\n"),
    {},
    "no key is valid without a master key",
  ],
  [
    "credentials over http",
    withKey(`${secret}      auth: true\n`).replace("https:", "http:"),
    {},
    "leave unencrypted",
  ],
  [
    "certificates that are not checked",
    withKey("      tls: {verify: no}\n"),
    {},
    "the upstream's certificate is not checked",
  ],
])("%s is a warning", (_, yaml, place, says) => {
  const { faults, warnings } = build(yaml, place);

  expect(faults).toEqual([]);
  expect(warnings).toHaveLength(1);
  expect(warnings[0]).toContain(says);
});

test.each(["      auth: true\n", ""])("nothing is said of a guarded route %j elsewhere", (auth) => {
  expect(build(withKey(secret + auth), anywhere)).toMatchObject({ faults: [], warnings: [] });
});

test.each(["http://localhost.:9000", "http://127.0.0.2", "http://[::1]:1"])(
  "credentials may go to this machine in the clear: %s",
  (target) => {
    const yaml = withKey(`${secret}      auth: true\n`).replace("https://up.example", target);

    expect(build(yaml)).toMatchObject({ faults: [], warnings: [] });
  },
);

test("a master key that is wrong does not make every route unguarded too", () => {
  const yaml = routes(
    `    - {path: /x, target: https://up.example, headers: {x-api-key: a}}\n`,
    "  master_key: 12345\n",
  );

  expect(build(yaml, anywhere).faults).toHaveLength(1);
});

test("addresses and networks are read, both families", () => {
  const yaml = "general_settings:\n  allowed_ips: [10.0.0.0/8, '2001:db8::/32', 192.0.2.1]\n";

  expect(build(yaml).runtime?.rules.addresses.allowed).not.toBeNull();
});
