import { expect, test } from "bun:test";
import { mkdirSync, writeFileSync } from "node:fs";
import { startRawUpstream } from "../helpers/raw-upstream.ts";
import { startLoad } from "./load.ts";
import { bareEnvironment, freePort, program, temporaryFolder, until } from "./program.ts";

const masterKey = "sk-master-key-of-this-test";
const headers = { authorization: `Bearer ${masterKey}` };

interface Sink {
  readonly port: number;
  readonly exited: Promise<number>;
  kill(signal: NodeJS.Signals): void;
  /** What `/health/backlog` says, as text. */
  backlog(): Promise<string>;
}

/** A gateway whose stderr goes through the shell: `redirection` says where to. */
async function startInto(
  redirection: string,
  folder: string,
  target: string,
  args = "",
): Promise<Sink> {
  const port = freePort();
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    `${folder}/config.yaml`,
    `general_settings: { master_key: ${masterKey}, pass_through_endpoints: [{ path: /a, auth: false, target: "${target}" }] }`,
  );
  const command = program.map((part) => `'${part}'`).join(" ");
  const child = Bun.spawn(["bash", "-c", `exec ${command} --port ${port} ${args} ${redirection}`], {
    cwd: folder,
    env: bareEnvironment,
    stdin: "ignore",
    stdout: "ignore",
  });
  const url = `http://127.0.0.1:${port}`;
  await until(async () => (await fetch(`${url}/health/liveness`).catch(() => null))?.ok === true);
  return {
    port,
    exited: child.exited,
    kill: (signal) => child.kill(signal),
    backlog: async () => await (await fetch(`${url}/health/backlog`, { headers })).text(),
  };
}

test("a reader of the log that stops costs log lines and nothing else; the gap is counted and told", async () => {
  using upstream = await startRawUpstream({ keep: 0 });
  using folder = temporaryFolder();
  Bun.spawnSync(["mkfifo", folder.file("fifo")]);
  const reader = Bun.spawn(["bash", "-c", `exec sleep 600 < '${folder.file("fifo")}'`]);
  const gateway = await startInto(
    `2> '${folder.file("fifo")}'`,
    folder.file("run"),
    upstream.url,
    "--detailed_debug",
  );
  try {
    const load = startLoad(gateway.port, {
      clients: 16,
      path: `/a?${"x".repeat(100)}`,
      keepAlive: true,
    });
    await until(async () => !(await gateway.backlog()).includes('"dropped_log_lines":0'), 25_000);
    const slowest = await slowestOf(20, gateway.port);
    const { answered, failures } = await load.stop();

    const log = Bun.spawn(["cat", folder.file("fifo")], { stdout: "pipe" });
    reader.kill();
    const decoder = new TextDecoder();
    let text = "";
    for await (const bytes of log.stdout) {
      text += decoder.decode(bytes, { stream: true });
      if (text.includes("log_dropped")) break;
    }
    log.kill();
    const told = /.*log_dropped.*/.exec(text)?.[0] ?? "{}";

    expect(failures).toEqual([]);
    expect(answered).toBeGreaterThan(1_000);
    expect(slowest).toBeLessThan(500);
    expect(JSON.parse(told)).toMatchObject({ level: "warn", event: "log_dropped" });
    expect(JSON.parse(told).lines).toBeGreaterThan(0);
  } finally {
    reader.kill();
    gateway.kill("SIGKILL");
    await gateway.exited;
  }
}, 40_000);

async function slowestOf(count: number, port: number): Promise<number> {
  let slowest = 0;
  for (let n = 0; n < count; n++) {
    const start = performance.now();
    await (await fetch(`http://127.0.0.1:${port}/a`)).text();
    slowest = Math.max(slowest, performance.now() - start);
  }
  return slowest;
}

test("a stalled log does not keep a gateway from stopping", async () => {
  using upstream = await startRawUpstream();
  using folder = temporaryFolder();
  Bun.spawnSync(["mkfifo", folder.file("fifo")]);
  const reader = Bun.spawn(["bash", "-c", `exec sleep 600 < '${folder.file("fifo")}'`]);
  const gateway = await startInto(`2> '${folder.file("fifo")}'`, folder.file("run"), upstream.url);
  try {
    const load = startLoad(gateway.port, { clients: 8, path: "/a", keepAlive: true });
    await Bun.sleep(1_500);
    await load.stop();
    const start = performance.now();

    gateway.kill("SIGTERM");

    expect(await gateway.exited).toBe(0);
    expect(performance.now() - start).toBeLessThan(3_000);
  } finally {
    reader.kill();
    gateway.kill("SIGKILL");
  }
});

const sinks: readonly (readonly [name: string, redirection: string])[] = [
  ["a pipe whose reader is gone", "2> >(exit 0)"],
  ["nothing at all", "2>&- >&-"],
  ["a full disk", "2> /dev/full > /dev/full"],
];

test.each(sinks)("a log that goes to %s kills nothing", async (_, redirection) => {
  using upstream = await startRawUpstream();
  using folder = temporaryFolder();
  const gateway = await startInto(
    redirection,
    folder.path,
    upstream.url,
    "--detailed_debug --num_workers 2",
  );
  try {
    const statuses: number[] = [];
    for (let n = 0; n < 20; n++) {
      statuses.push((await fetch(`http://127.0.0.1:${gateway.port}/a`)).status);
      await Bun.sleep(10);
    }

    gateway.kill("SIGTERM");

    expect(statuses).toEqual(Array.from({ length: 20 }, () => 200));
    expect(await gateway.exited).toBe(0);
  } finally {
    gateway.kill("SIGKILL");
  }
});
