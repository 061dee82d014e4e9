import { describe, expect, test } from "bun:test";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const unitFile = join(import.meta.dir, "../../packaging/tollgate.service");
const unit = await Bun.file(unitFile).text();
const hasAnalyzer = Bun.which("systemd-analyze") !== null;

test.if(process.env["CI"] === "true")("systemd-analyze is at hand", () => {
  expect(hasAnalyzer).toBe(true);
});

describe.skipIf(!hasAnalyzer)("systemd-analyze", () => {
  test("finds nothing wrong with the unit", async () => {
    using copy = installedCopy();

    const { exitCode, output } = await analyze("verify", "--man=no", copy.path);

    expect(output).toBe("");
    expect(exitCode).toBe(0);
  });

  test("would find a misspelt setting", async () => {
    using copy = installedCopy((text) => text.replace("ProtectHome=", "ProtectHomes="));

    const { output } = await analyze("verify", "--man=no", copy.path);

    expect(output).toContain("ProtectHomes");
  });

  test("rates its exposure 2.0 or less", async () => {
    using copy = installedCopy();

    const { exitCode, output } = await analyze(
      "security",
      "--offline=yes",
      "--threshold=20",
      copy.path,
    );

    const exposure = Number(/Overall exposure level for \S+: ([\d.]+)/.exec(output)?.[1]);
    expect(exposure).toBeLessThanOrEqual(2);
    expect(exitCode).toBe(0);
  });
});

describe("the unit", () => {
  test("reaches the program and its files at their final paths", () => {
    expect(settings("ExecStart")).toEqual(["/usr/bin/tollgate --config /etc/tollgate/config.yaml"]);
    expect(settings("ExecStartPre")).toEqual([
      "/usr/bin/tollgate check --config /etc/tollgate/config.yaml",
    ]);
    expect(settings("EnvironmentFile")).toEqual(["-/etc/tollgate/environment"]);
    expect(settings("LoadCredential")).toEqual([
      "master_key:/etc/tollgate/secrets/master_key",
      "salt_key:/etc/tollgate/secrets/salt_key",
    ]);
  });

  test("waits for the program's own word, and watches it", () => {
    expect(settings("Type")).toEqual(["notify"]);
    expect(settings("NotifyAccess")).toEqual(["main"]);
    expect(settings("WatchdogSec")).toEqual(["30"]);
  });

  test("leaves the just-in-time compiler on: without it no notification gets out", () => {
    expect(settings("MemoryDenyWriteExecute")).toEqual([]);
  });

  test("has no comment at the end of a line, where systemd would take it for a value", () => {
    expect(
      unit.split("\n").filter((line) => /\S\s+[#;]/.test(line) && !/^[#;]/.test(line)),
    ).toEqual([]);
  });
});

function settings(name: string): string[] {
  const prefix = `${name}=`;
  const lines = unit.split("\n").filter((line) => line.startsWith(prefix));
  return lines.map((line) => line.slice(prefix.length));
}

/** The unit, with its program at a path where there is one. */
function installedCopy(edit = (text: string) => text) {
  const folder = mkdtempSync(join(tmpdir(), "tollgate-unit-"));
  const program = join(folder, "tollgate");
  writeFileSync(program, "#!/bin/sh\n", { mode: 0o755 });
  const path = join(folder, "tollgate.service");
  writeFileSync(path, edit(unit.replaceAll("/usr/bin/tollgate", program)));
  return { path, [Symbol.dispose]: () => rmSync(folder, { recursive: true }) };
}

async function analyze(...args: string[]) {
  const child = Bun.spawn(["systemd-analyze", "--no-pager", ...args], {
    stdout: "pipe",
    stderr: "pipe",
    env: { ...process.env, LC_ALL: "C" },
  });
  const [stdout, stderr] = await Promise.all([child.stdout.text(), child.stderr.text()]);
  return { exitCode: await child.exited, output: stdout + stderr };
}
