import { expect, test } from "bun:test";
import { existsSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { runTollgate } from "../helpers/gateway.ts";
import { temporaryFolder } from "../process/program.ts";

const example = readFileSync(join(import.meta.dir, "../../config.yaml"), "utf8");

test("init writes the commented config, which check accepts", async () => {
  using folder = temporaryFolder();

  const init = await runTollgate(["init"], { cwd: folder.path });
  const check = await runTollgate(["check"], { cwd: folder.path });

  expect([init.code, init.stderr]).toEqual([0, ""]);
  expect(readFileSync(folder.file("config.yaml"), "utf8")).toBe(example);
  expect(check.code).toBe(0);
});

test("init never overwrites a file, also one that a symlink only promises", async () => {
  using folder = temporaryFolder();
  writeFileSync(folder.file("config.yaml"), "mine: true\n");
  symlinkSync(folder.file("elsewhere.yaml"), folder.file("link.yaml"));

  const plain = await runTollgate(["init"], { cwd: folder.path });
  const link = await runTollgate(["init", "--config", "link.yaml"], { cwd: folder.path });

  expect([plain.code, link.code]).toEqual([2, 2]);
  expect(plain.stderr).toBe("config.yaml is there already and stays as it is.\n");
  expect(readFileSync(folder.file("config.yaml"), "utf8")).toBe("mine: true\n");
  expect(existsSync(folder.file("elsewhere.yaml"))).toBe(false);
});

test("init says where it cannot write", async () => {
  using folder = temporaryFolder();

  const { code, stderr } = await runTollgate(["init", "--config", "missing/config.yaml"], {
    cwd: folder.path,
  });

  expect(stderr).toBe("missing/config.yaml cannot be written (ENOENT).\n");
  expect(code).toBe(2);
});
