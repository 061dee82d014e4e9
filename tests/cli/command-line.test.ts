import { expect, test } from "bun:test";
import { startGateway, runTollgate } from "../helpers/gateway.ts";

const mistakes: readonly (readonly [args: string[], answer: string])[] = [
  [["--prot", "4001"], "There is no flag --prot. Did you mean --port?"],
  [["--detailed-debug"], "There is no flag --detailed-debug. Did you mean --detailed_debug?"],
  [["serve", "--confg=x"], "There is no flag --confg. Did you mean --config?"],
  [["check", "--takeover"], "There is no flag --takeover."],
  [["chekc"], "There is no command chekc. Did you mean tollgate check?"],
  [["help", "sreve"], "There is no command sreve. Did you mean tollgate serve?"],
  [
    ["frobnicate"],
    "There is no command frobnicate. There are serve, check, init, keys, routes, logs, prices, rotate-key, version, help.",
  ],
  [
    ["serve", "config.yaml"],
    '"config.yaml" is not expected here. Did you mean --config config.yaml?',
  ],
  [["config.yaml"], "There is no command config.yaml. Did you mean tollgate --config config.yaml?"],
  [["--port"], "--port needs a number."],
  [["--port", "http"], "--port is a number from 0 to 65535."],
  [["--port", "0x50"], "--port is a number from 0 to 65535."],
  [["--port", "65536"], "--port is a number from 0 to 65535."],
  [["--takeover=yes"], "--takeover takes no value."],
  [["--log-level", "loud"], "--log-level is one of debug, info, warn, error."],
  [["--env-file", "/nowhere/env"], "--env-file /nowhere/env cannot be read."],
  [["--tls-cert", "/nowhere/cert"], "--tls-cert and --tls-key go together."],
  [["--config", "/nowhere/config.yaml"], "/nowhere/config.yaml: cannot be read (ENOENT)"],
];

test.each(mistakes)("%j exits with 2 and says what to do", async (args, answer) => {
  const { code, stdout, stderr } = await runTollgate(args);

  expect(stderr).toContain(answer);
  expect(stdout).toBe("");
  expect(code).toBe(2);
});

test("each of LiteLLM's flags is one warning, and the gateway starts", async () => {
  const args = ["--num_workers", "4", "--telemetry=False", "--use_prisma_db_push", "--debug"];
  await using gateway = await startGateway("{}", { args });

  const warnings = gateway.stderr().match(/^warning: .*/gm);

  expect(warnings).toEqual([
    expect.stringContaining("--num_workers is LiteLLM's"),
    expect.stringContaining("--telemetry is LiteLLM's"),
    expect.stringContaining("--use_prisma_db_push is LiteLLM's"),
    expect.stringContaining("--debug is LiteLLM's"),
  ]);
});

test("help tells the commands, and the flags of one", async () => {
  const [all, dashed, serve, serveDashed] = await Promise.all([
    runTollgate(["help"]),
    runTollgate(["--help"]),
    runTollgate(["help", "serve"]),
    runTollgate(["serve", "--help"]),
  ]);

  for (const command of ["serve", "check", "init", "version", "help"]) {
    expect(all.stdout).toMatch(new RegExp(`^  ${command} `, "m"));
  }
  const flags =
    "config host port data-dir env-file log-level detailed_debug tls-cert tls-key takeover";
  for (const flag of flags.split(" ")) expect(serve.stdout).toContain(`--${flag} `);
  expect(dashed).toEqual(all);
  expect(serveDashed).toEqual(serve);
  expect([all.code, serve.code, all.stderr]).toEqual([0, 0, ""]);
});

test("version tells the version, the commit and the runtime", async () => {
  const { code, stdout } = await runTollgate(["version"]);

  expect(stdout).toMatch(/^tollgate \d+\.\d+\.\d+ \(\S+, bun 1\.4\.5\)\n$/);
  expect(code).toBe(0);
});
