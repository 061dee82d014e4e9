import { expect, test } from "bun:test";
import { connect } from "node:net";
import { startRawUpstream } from "../helpers/raw-upstream.ts";
import { bareEnvironment, program, temporaryFolder, until } from "./program.ts";

/** A gateway under a hard limit of open files. */
function startLimited(files: number, yaml: string) {
  const folder = temporaryFolder();
  const config = folder.file("config.yaml");
  const log = folder.file("log");
  Bun.spawnSync(["tee", config], { stdin: Buffer.from(yaml), stdout: "ignore" });
  const child = Bun.spawn(
    ["prlimit", `--nofile=${files}:${files}`, ...program, "--port", "0", "--config", config],
    { cwd: folder.path, env: bareEnvironment, stdout: "ignore", stderr: Bun.file(log) },
  );
  return {
    exited: child.exited,
    log: () => Bun.file(log).text(),
    port: async () => {
      const text = () => Bun.file(log).text();
      await until(async () => /"port":\d+/.test(await text()), 10_000);
      return Number(/"port":(\d+)/.exec(await text())?.[1]);
    },
    async [Symbol.asyncDispose]() {
      child.kill("SIGKILL");
      await child.exited;
      folder[Symbol.dispose]();
    },
  };
}

test("under a hard limit of fewer than 1,024 files a start is refused", async () => {
  await using gateway = startLimited(1_023, "{}");

  expect(await gateway.exited).toBe(2);
  expect(await gateway.log()).toContain("At most 1023 open files are allowed: too few");
});

test("under fewer than 8,192 files calls are capped, and one more is a 503", async () => {
  using upstream = await startRawUpstream({ fallback: [{ end: "hang" }] });
  const cap = (1_024 - 128) / 2;
  await using gateway = startLimited(
    1_024,
    `general_settings: { pass_through_endpoints: [{ path: /a, target: "${upstream.url}" }] }`,
  );
  const port = await gateway.port();

  const held = Array.from({ length: cap }, () => {
    const socket = connect({ port, host: "127.0.0.1" }).on("error", () => {});
    socket.write("GET /a HTTP/1.1\r\nHost: localhost\r\n\r\n");
    return socket;
  });
  await until(() => upstream.requests.length === cap, 10_000);
  const refused = await fetch(`http://127.0.0.1:${port}/a`);
  const health = await fetch(`http://127.0.0.1:${port}/health/liveness`);
  for (const socket of held) socket.destroy();
  upstream.scripts.set("/", [{ write: "HTTP/1.1 204 X\r\n\r\n" }]);
  await until(async () => (await fetch(`http://127.0.0.1:${port}/a`)).status === 204);

  expect(await gateway.log()).toContain(`calls are capped at ${cap}`);
  expect([refused.status, await refused.json()]).toMatchObject([
    503,
    { error: { type: "overloaded" } },
  ]);
  expect(health.status).toBe(200);
});

test("more connections than files: the process lives, and serves again once they are gone", async () => {
  using upstream = await startRawUpstream();
  await using gateway = startLimited(
    1_024,
    `general_settings: { pass_through_endpoints: [{ path: /a, target: "${upstream.url}" }] }`,
  );
  const port = await gateway.port();
  const url = `http://127.0.0.1:${port}/a`;
  expect((await fetch(url)).status).toBe(200);

  const sockets = Array.from({ length: 1_500 }, () =>
    connect({ port, host: "127.0.0.1" }).on("error", () => {}),
  );
  await Bun.sleep(500);
  for (const socket of sockets) socket.destroy();
  const start = performance.now();
  await until(async () => {
    const reply = await fetch(url, { signal: AbortSignal.timeout(500) }).catch(() => null);
    return reply?.status === 200;
  });

  expect(performance.now() - start).toBeLessThan(2_000);
});
