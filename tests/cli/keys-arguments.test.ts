import { expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runTollgate } from "../helpers/gateway.ts";

const mistakes: readonly (readonly [args: string[], answer: string])[] = [
  [[], "tollgate keys what? There are keys create, keys list, keys revoke, keys import."],
  [["--json"], "tollgate keys what?"],
  [["crate"], "There is no command keys crate. Did you mean tollgate keys create?"],
  [["frobnicate"], "There are keys create, keys list, keys revoke, keys import."],
  [["create", "--max_budget", "3"], "There is no flag --max_budget. Did you mean --max-budget?"],
  [["create", "--model", "gpt-4o"], "There is no flag --model. Did you mean --models?"],
  [["create", "--debug"], "There is no flag --debug."],
  [["create", "a-name"], '"a-name" is not expected here.'],
  [["create", "--alias"], "--alias needs a name."],
  [["create", "--admin=yes"], "--admin takes no value."],
  [["create", "--rpm", "many"], "--rpm is a whole number."],
  [["create", "--tpm", "-5"], "--tpm is a whole number."],
  [["create", "--max-parallel", "1.5"], "--max-parallel is a whole number."],
  [["create", "--max-budget", "$5"], "--max-budget is a number of dollars"],
  [["create", "--max-budget", "1e3"], "--max-budget is a number of dollars"],
  [["create", "--max-budget", "99999999999"], "--max-budget is a number of dollars"],
  [["create", "--duration", "30 days"], "--duration is a length of time"],
  [["create", "--budget-duration", "30d"], "--budget-duration goes with --max-budget."],
  [["create", "--models", "a,,b"], "--models has an empty item"],
  [["list", "--alias", "a"], "There is no flag --alias."],
  [["list", "--data-dir", "/nowhere"], "There is no data directory /nowhere"],
  [["revoke", "x", "--data-dir", "/nowhere"], "There is no data directory /nowhere"],
  [["revoke"], "tollgate keys revoke needs the id, the alias or the key itself."],
  [["import"], "tollgate keys import needs a file."],
  [["import", "a", "b"], '"b" is not expected here.'],
  [["import", "/nowhere/keys.csv"], "/nowhere/keys.csv cannot be read (ENOENT)."],
];

test.each(mistakes)(
  "keys %j exits with 2, says what to do, and makes nothing",
  async (args, answer) => {
    const cwd = mkdtempSync(join(tmpdir(), "tollgate-keys-"));

    const { code, stdout, stderr } = await runTollgate(["keys", ...args], { cwd });

    expect(stderr).toContain(answer);
    expect({ stdout, code }).toEqual({ stdout: "", code: 2 });
    expect(await Array.fromAsync(new Bun.Glob("**").scan({ cwd, dot: true }))).toEqual([]);
    rmSync(cwd, { recursive: true });
  },
);

test.each(["help keys", "keys --help", "keys -h"])(
  "tollgate %s tells what there is",
  async (line) => {
    const { code, stdout } = await runTollgate(line.split(" "));

    expect(code).toBe(0);
    for (const name of ["create", "list", "revoke", "import"]) {
      expect(stdout).toContain(`  keys ${name} `);
    }
  },
);

test.each(["help keys create", "keys create --help"])(
  "tollgate %s tells its flags",
  async (line) => {
    const { code, stdout } = await runTollgate(line.split(" "));

    expect(code).toBe(0);
    expect(stdout).toStartWith("tollgate keys create [flags]\n");
    expect(stdout).toContain("--max-budget <usd>");
    expect(stdout).toContain("--data-dir <dir>");
  },
);
