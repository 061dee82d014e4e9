import { expect, test } from "bun:test";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runTollgate, startGateway } from "../helpers/gateway.ts";
import { build } from "./load.ts";
import { lineOf, mistakes } from "./mistakes.ts";

test("the corpus holds more than 60 mistakes", () => {
  expect(Object.keys(mistakes).length).toBeGreaterThan(60);
});

test.each(Object.entries(mistakes))("%s: one fault, with its line and key", (_, mistake) => {
  const { runtime, faults } = build(mistake.yaml, mistake.place);

  expect(runtime).toBeNull();
  expect(faults).toHaveLength(1);
  const [fault = ""] = faults;
  const column = mistake.column === undefined ? "" : `${mistake.column} `;
  expect(fault).toStartWith(`config.yaml:${lineOf(mistake)}:${column}`);
  const rest = fault.replace(/^\S+?:\d+:\d+/, "");
  expect(rest).toStartWith(mistake.key === "" ? ":" : ` ${mistake.key}:`);
  expect(rest).toContain(mistake.says);
});

const handful = [
  "a duplicate key",
  "a boolean in quotes",
  "an adapter as target",
  "auth, misspelt",
];

test.each(handful)("tollgate check exits 2 and tells where it is: %s", async (name) => {
  const mistake = mistakes[name];
  if (mistake === undefined) throw new Error("no such mistake");
  using config = fileOf(mistake.yaml);

  const { code, stdout, stderr } = await runTollgate(["check", "--config", config.path]);

  expect({ code, stderr }).toEqual({ code: 2, stderr: "" });
  expect(stdout).toContain(`${config.path}:${lineOf(mistake)}:`);
  expect(stdout).toContain(mistake.says);
  expect(stdout).toMatch(/\n\d routes?, 1 fault, \d warnings?\n$/);
});

test("a start with a mistake is refused, exit 2, and says the same", async () => {
  const mistake = mistakes["a duplicate key"];
  if (mistake === undefined) throw new Error("no such mistake");

  await using gateway = await startGateway(mistake.yaml, { waitFor: "exit" });

  expect(await gateway.exited).toBe(2);
  expect(gateway.stderr()).toContain(`config.yaml:${lineOf(mistake)}:`);
  expect(gateway.stderr()).toContain(mistake.says);
});

test("tollgate check of a file that is not there is a fault that names it", async () => {
  const { code, stdout } = await runTollgate(["check", "--config", "/nowhere/config.yaml"]);

  expect(code).toBe(2);
  expect(stdout).toContain("/nowhere/config.yaml: cannot be read (ENOENT)");
  expect(stdout).toEndWith("0 routes, 1 fault, 0 warnings\n");
});

function fileOf(text: string) {
  const dir = mkdtempSync(join(tmpdir(), "tollgate-config-"));
  const path = join(dir, "config.yaml");
  writeFileSync(path, text);
  return { path, [Symbol.dispose]: () => rmSync(dir, { recursive: true, force: true }) };
}
