import { expect, test } from "bun:test";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { credentialsOf } from "../../src/config/credential-names.ts";
import { loadConfig } from "../../src/config/load.ts";

function named(yaml: string, env: Record<string, string> = {}, rootPath = "") {
  return credentialsOf(loadConfig(yaml, "config.yaml", { env }), rootPath);
}

test("every variable that an endpoint refers to or waits for, by name, with who needs it", () => {
  const yaml = `
general_settings:
  master_key: os.environ/MASTER
  pass_through_endpoints:
    - path: /one
      target: "https://os.environ/{HOST}.example/x?key=os.environ/KEY"
      headers: { Authorization: "Bearer os.environ/KEY", X-Two: "os.environ/A os.environ/B" }
    - path: /two
      target: https://two.example
      enabled_if: KEY, LATER
      headers: { X-Key: os.environ/KEY }
      guardrails: os.environ/NOT_READ
    - path: /three
      target: https://three.example
`;

  expect(named(yaml, { KEY: "secret", A: "", HOST: "up" }, "/root")).toEqual([
    { name: "A", kind: "variable", present: false, endpoints: ["/root/one"] },
    { name: "B", kind: "variable", present: false, endpoints: ["/root/one"] },
    { name: "HOST", kind: "variable", present: true, endpoints: ["/root/one"] },
    { name: "KEY", kind: "variable", present: true, endpoints: ["/root/one", "/root/two"] },
    { name: "LATER", kind: "variable", present: false, endpoints: ["/root/two"] },
  ]);
});

test("credential files are looked at, and looked at again", () => {
  const directory = mkdtempSync(join(tmpdir(), "tollgate-test-"));
  const yaml = `
general_settings:
  pass_through_endpoints:
    - { path: /x, target: "https://x.example", headers: { A: cred/a-key, B: "cred/{b.key}", C: os.environ/a-key } }
`;
  writeFileSync(join(directory, "a-key"), "value\n");
  const env = { CREDENTIALS_DIRECTORY: directory };
  const loaded = loadConfig(yaml, "config.yaml", { env });
  const present = () =>
    credentialsOf(loaded, "").map(({ name, kind, present }) => [name, kind, present]);

  expect(present()).toEqual([
    ["a", "variable", false],
    ["a-key", "file", true],
    ["b.key", "file", false],
  ]);
  writeFileSync(join(directory, "b.key"), "value");
  rmSync(join(directory, "a-key"));
  expect(present()).toEqual([
    ["a", "variable", false],
    ["a-key", "file", false],
    ["b.key", "file", true],
  ]);
  rmSync(directory, { recursive: true });
});

test("the config's own variables count, and what they are made of is needed too", () => {
  const yaml = `
environment_variables: { OWN: plain, MADE: "x-os.environ/PART", ROUND: os.environ/ROUND }
general_settings:
  pass_through_endpoints:
    - { path: /x, target: "https://x.example", headers: { A: os.environ/OWN, B: os.environ/MADE, C: os.environ/ROUND } }
`;

  expect(named(yaml).map(({ name, present }) => [name, present])).toEqual([
    ["MADE", false],
    ["OWN", true],
    ["PART", false],
    ["ROUND", false],
  ]);
  expect(named(yaml, { PART: "p" }).filter(({ present }) => present).length).toBe(3);
});

test.each([
  "",
  "general_settings: 7",
  "general_settings: { pass_through_endpoints: [7, {path: /x}] }",
  "{",
  "[]",
])("where nothing is asked for there is nothing: %p", (yaml) => {
  expect(named(yaml)).toEqual([]);
});
