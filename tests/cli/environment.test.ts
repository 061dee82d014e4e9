import { expect, test } from "bun:test";
import { readFileSync, writeFileSync } from "node:fs";
import { startGateway } from "../helpers/gateway.ts";
import { rawRequest } from "../helpers/raw-client.ts";
import { startRawUpstream } from "../helpers/raw-upstream.ts";
import { bareEnvironment, fromSource, program, temporaryFolder } from "../process/program.ts";

const withKey = (target: string) => `general_settings:
  pass_through_endpoints:
    - path: /up
      target: ${target}
      headers: { authorization: "Bearer os.environ/UP_KEY" }
`;

const call = "GET /up HTTP/1.1\r\nHost: localhost\r\n\r\n";

test("--env-file adds variables, and the environment wins over it", async () => {
  using upstream = await startRawUpstream();
  const yaml = withKey(upstream.url);
  const options = { args: ["--env-file", "keys.env"], files: { "keys.env": "UP_KEY=from-file\n" } };
  await using fromFile = await startGateway(yaml, options);
  await using fromShell = await startGateway(yaml, { ...options, env: { UP_KEY: "from-shell" } });

  await rawRequest(fromFile.port, call);
  await rawRequest(fromShell.port, call);

  const sent = upstream.requests.map(({ headerLines }) => headerLines.join("\n").toLowerCase());
  expect(sent[0]).toContain("authorization: bearer from-file");
  expect(sent[1]).toContain("authorization: bearer from-shell");
});

const dotEnvFiles = [".env", ".env.local", ".env.development", ".env.production"];

test.each(["", "65535"])(
  ".env is never read by itself, whatever the folder (fetch limit %j)",
  async (limit) => {
    using folder = temporaryFolder();
    for (const file of dotEnvFiles)
      writeFileSync(folder.file(file), "UP_KEY=leaked\nLEAK=leaked\n");
    writeFileSync(folder.file("config.yaml"), withKey("http://127.0.0.1:9"));

    const [start, check] = [["--port", "0"], ["check"]].map((args) =>
      Bun.spawnSync([...program, ...args], {
        cwd: folder.path,
        env: { ...bareEnvironment, BUN_CONFIG_MAX_HTTP_REQUESTS: limit },
        timeout: 10_000,
      }),
    );

    expect(start?.stderr.toString()).toContain("UP_KEY is not set");
    expect(start?.exitCode).toBe(2);
    expect(check?.stdout.toString()).toContain("UP_KEY is not set");
    expect(check?.exitCode).toBe(2);
  },
);

test("what .env holds does not leak into the process, and what the shell holds stays", async () => {
  const files = Object.fromEntries(dotEnvFiles.map((file) => [file, "KEPT=leaked\nLEAK=leaked\n"]));
  await using gateway = await startGateway("{}", { files, env: { KEPT: "from-shell", EMPTY: "" } });

  const environment = readFileSync(`/proc/${gateway.pid}/environ`, "utf8").split("\0");

  expect(environment).toContain("KEPT=from-shell");
  expect(environment).toContain("EMPTY=");
  expect(environment.filter((entry) => entry.includes("leaked"))).toEqual([]);
});

test("the process starts itself anew: pid, arguments and environment stay, the limits are lifted", async () => {
  const dataDirectory = "a folder = with odd 'characters'";
  await using gateway = await startGateway("{}", {
    args: ["--data-dir", dataDirectory],
    env: { NAME: "a=b\nc" },
  });

  const line = gateway.lines().find(({ event }) => event === "listening");
  const environment = readFileSync(`/proc/${gateway.pid}/environ`, "utf8").split("\0");
  const args = readFileSync(`/proc/${gateway.pid}/cmdline`, "utf8").split("\0").slice(0, -1);

  expect(line?.["pid"]).toBe(gateway.pid);
  expect(environment).toContain("NAME=a=b\nc");
  expect(environment).toContain("BUN_CONFIG_MAX_HTTP_REQUESTS=65535");
  const own = ["--data-dir", dataDirectory, "--config", gateway.configPath, "--port", "0"];
  expect(args.slice(-6)).toEqual(own);
  expect(args.includes("--no-env-file")).toBe(fromSource);
});

const refused: readonly (readonly [name: string, value: string, why: string])[] = [
  ["BUN_OPTIONS", "--smol", "changes the runtime's flags"],
  ["BUN_INSPECT", "127.0.0.1:0", "opens a debugger"],
  ["BUN_CONFIG_VERBOSE_FETCH", "curl", "prints credentials"],
  ["NODE_TLS_REJECT_UNAUTHORIZED", "0", "switches certificate checks off"],
];

test.each(refused)("a start with %s is refused", async (name, value, why) => {
  await using gateway = await startGateway("{}", { env: { [name]: value }, waitFor: "exit" });

  expect(gateway.stderr()).toContain(`${name} is set: it ${why}. Unset it`);
  expect(await gateway.exited).toBe(2);
});

test("NODE_TLS_REJECT_UNAUTHORIZED=1 is no reason to refuse", async () => {
  await using gateway = await startGateway("{}", { env: { NODE_TLS_REJECT_UNAUTHORIZED: "1" } });

  expect(gateway.port).toBeGreaterThan(0);
});
