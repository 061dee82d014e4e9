import { afterAll, expect, test } from "bun:test";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { CallRow } from "../../src/core/types.ts";
import { ledgerMigrations } from "../../src/storage/sqlite/ledger-schema.ts";
import { ledgerOn } from "../../src/storage/sqlite/ledger-store.ts";
import { openDatabase } from "../../src/storage/sqlite/open.ts";
import { runTollgate, startGateway } from "../helpers/gateway.ts";
import { bareEnvironment, program, temporaryFolder, until } from "../process/program.ts";
import { callRow } from "../storage/ledger-samples.ts";

const master = "sk-master-0123456789abcdef";
const yaml = `
general_settings:
  master_key: ${master}
  pass_through_endpoints:
    - { path: /echo, target: "tollgate://sample", include_subpath: true, auth: true, cost_per_request: 0.0015 }
    - { path: /gone, target: "http://127.0.0.1:1", include_subpath: true, auth: true }
`;

const now = Date.now();
const ago = (ms: number) => now - ms;
const red = "\u001b[31mred\u009b0m\r\nnext\u202e\u2028";

const rows: readonly CallRow[] = [
  callRow({ startedAt: ago(260_000_000), route: "old", costNanoUsd: null, unpriced: "no_price" }),
  callRow({
    startedAt: ago(70_000),
    keyId: "master",
    teamId: "team-2",
    model: red,
    status: 503,
    durationMs: 65_400,
    tags: ["red"],
  }),
  callRow({ startedAt: ago(6_000), model: "m", costNanoUsd: 20, status: 404, tags: ["b"] }),
  callRow({
    startedAt: ago(5_000),
    status: 504,
    error: "upstream_timeout",
    usage: { input: 12, output: 3 },
    costNanoUsd: 2_000_000_000,
  }),
];

/** A data directory whose ledger has rows. */
function directoryWithRows() {
  const folder = temporaryFolder();
  mkdirSync(folder.file("data"), { mode: 0o700 });
  const ledger = ledgerOn(openDatabase(folder.file("data/ledger.db"), ledgerMigrations));
  const entries = rows.map((row) => ({ kind: "row", row, modelScopes: [] }) as const);
  ledger.fold("before", 0, 1, entries);
  ledger.close();
  return folder;
}

const folder = directoryWithRows();
const gateway = await startGateway(yaml, { dir: folder.path });
const place = ["--data-dir", folder.file("data"), "--config", gateway.configPath];

afterAll(async () => {
  await gateway[Symbol.asyncDispose]();
  folder[Symbol.dispose]();
});

const logs = (...args: string[]) => runTollgate(["logs", ...args, ...place]);
const ids = (text: string) =>
  text
    .split("\n")
    .slice(0, -1)
    .map((line) => String(JSON.parse(line).request_id));
const call = (path = "/echo", body = "{}") =>
  fetch(gateway.url + path, {
    method: "POST",
    headers: { authorization: `Bearer ${master}` },
    body,
  }).then((reply) => reply.text());

test("logs is a table of the latest calls, the latest last", async () => {
  const { code, stdout, stderr } = await logs();

  const [head = "", ...lines] = stdout.trimEnd().split("\n");
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  expect(head).toMatch(/^TIME \(UTC\) +STATUS +TOOK +ROUTE +KEY +MODEL +IN\/OUT +COST +ID *$/);
  expect(lines).toHaveLength(rows.length);
  for (const [index, line] of lines.entries()) expect(line).toContain(rows[index]?.id ?? "?");
  expect(lines[0]).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d  200 .* 34 ms +old .* - \(no_price\) /);
  expect(lines[1]).toMatch(/ 503 +65\.4 s +chat +master +\?\[31mred\?0m\?\?next\?\? /);
  expect(lines[2]).toMatch(/ 404 .* m .* \$0\.00000002 /);
  expect(lines[3]).toMatch(/ 504 upstream_timeout .* 12\/3 +\$2 /);
});

test("nothing that a client chose reaches the terminal as a command, in whichever form", async () => {
  const id = rows[1]?.id ?? "";
  for (const args of [[], ["--json"], [id], [id, "--json"]]) {
    const { code, stdout } = await logs(...args);
    expect([args, code]).toEqual([args, 0]);
    // oxlint-disable-next-line no-control-regex
    expect(stdout).not.toMatch(/[\0-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e]/);
    expect(stdout).toContain("31mred");
  }
});

test.each([
  [["--route", "old"], [0]],
  [["--route", "none"], []],
  [
    ["--since", "1h"],
    [1, 2, 3],
  ],
  [
    ["--since", new Date(ago(86_400_000)).toISOString().slice(0, 10)],
    [1, 2, 3],
  ],
  [
    ["--status", "5xx"],
    [1, 3],
  ],
  [
    ["--status", "404,504"],
    [2, 3],
  ],
  [["--status", "failed", "--model", "m"], [2]],
  [["--status", "ok"], [0]],
  [["--tag", "b"], [2]],
  [["--team", "team-2"], [1]],
  [["--key", "master"], [1]],
  [["--key", "nobody's"], []],
  [["--min-cost", "0.5"], [3]],
  [["--min-duration", "60000"], [1]],
  [
    ["-n", "2"],
    [2, 3],
  ],
  [["-n", "0"], []],
] as const)("%p are the calls %p", async (args, wanted) => {
  const { code, stdout, stderr } = await logs("--json", ...args);

  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  expect(ids(stdout)).toEqual(wanted.map((index) => rows[index]?.id ?? ""));
});

test("more calls than a page holds", async () => {
  await using other = await startGateway(yaml);
  const headers = { authorization: `Bearer ${master}` };
  for (let count = 0; count < 130; count += 1) {
    await (await fetch(`${other.url}/echo`, { method: "POST", headers, body: "{}" })).text();
  }

  const at = ["--data-dir", join(other.dir, "data"), "--json"];
  const all = await runTollgate(["logs", "-n", "500", ...at]);
  const some = await runTollgate(["logs", "-n", "120", ...at]);

  expect(new Set(ids(all.stdout)).size).toBe(130);
  expect(ids(some.stdout)).toEqual(ids(all.stdout).slice(10));
});

test.each([
  [["--status", "bad"], "--status"],
  [["--lines", "many"], "--lines"],
  [["-n", "10001"], "--lines"],
  [["--stauts", "500"], "Did you mean --status?"],
  [["one", "two"], '"two" is not expected'],
  [["some-id", "--follow"], "--follow does not go with"],
  [["--since", "yesterday"], "start_date"],
  [["--min-cost", "-1"], "min_spend"],
] as const)("%p is refused, and it is said why", async (args, words) => {
  const { code, stdout, stderr } = await logs(...args);

  expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  expect(stderr).toContain(words);
});

test("one call, and one that is not there", async () => {
  const shown = await logs(rows[3]?.id ?? "");
  const none = await logs("not-there");

  expect(shown.code).toBe(0);
  expect(shown.stdout).toMatch(/^status +504 upstream_timeout$/m);
  expect(shown.stdout).toMatch(/^tokens +12\/3 \(in\/out\)$/m);
  expect(shown.stdout).toContain("Its bodies were not logged");
  expect([none.code, none.stdout]).toEqual([2, ""]);
  expect(none.stderr).not.toBe("");
});

test("the same without a gateway; but nothing can be followed there", async () => {
  using alone = directoryWithRows();
  const at = ["--data-dir", alone.file("data")];

  const direct = await runTollgate(["logs", "--json", ...at]);
  const followed = await runTollgate(["logs", "--follow", ...at]);
  const searched = await runTollgate(["logs", "--search", "hello", ...at]);
  const nowhere = await runTollgate(["logs", "--data-dir", alone.file("nowhere")]);

  expect([direct.code, direct.stderr]).toEqual([0, ""]);
  expect(ids(direct.stdout)).toEqual(rows.map(({ id }) => id));
  expect([followed.code, followed.stdout]).toEqual([1, ""]);
  expect(followed.stderr).toContain("No gateway runs on");
  expect([searched.code, searched.stderr]).toEqual([2, expect.stringContaining("search:")]);
  expect(nowhere.code).toBe(2);
});

/** The command with its output as it comes. */
function following(at: readonly string[], ...args: readonly string[]) {
  const child = Bun.spawn([...program, "logs", "--follow", "--json", ...args, ...at], {
    env: bareEnvironment,
    stdout: "pipe",
    stderr: "pipe",
  });
  const seen = { stdout: "", stderr: "" };
  const readOf = async (name: keyof typeof seen) => {
    const decoder = new TextDecoder();
    for await (const chunk of child[name]) seen[name] += decoder.decode(chunk, { stream: true });
  };
  const read = Promise.all([readOf("stdout"), readOf("stderr")]);
  return {
    seen,
    lines: () => seen.stdout.split("\n").slice(0, -1),
    /** The exit code, after Ctrl-C. */
    async interrupted() {
      child.kill("SIGINT");
      await read;
      return await child.exited;
    },
    async [Symbol.asyncDispose]() {
      child.kill("SIGKILL");
      await child.exited;
    },
  };
}

test("--follow shows each call once as it ends, until it is interrupted", async () => {
  await using followed = following(place, "-n", "1", "--route", "/echo");
  const { seen, lines, interrupted } = followed;
  await Bun.sleep(1_200);

  for (let count = 0; count < 5; count += 1) {
    await call();
    await call("/gone");
    await Bun.sleep(300);
  }
  await until(() => lines().length >= 5, 8_000);
  await Bun.sleep(2_500);
  const code = await interrupted();

  const routes = lines().map((line) => JSON.parse(line).route);
  expect(routes.filter((route) => route !== "/echo")).toEqual([]);
  expect(new Set(ids(seen.stdout)).size).toBe(lines().length);
  expect(lines().length).toBeLessThanOrEqual(6);
  expect([code, seen.stderr]).toEqual([130, ""]);
});

test("a call that takes longer than the pace is shown when it ends", async () => {
  using slow = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    idleTimeout: 0,
    fetch: async () => {
      await Bun.sleep(5_500);
      return new Response("late");
    },
  });
  await using other = await startGateway(`
general_settings:
  master_key: ${master}
  pass_through_endpoints:
    - { path: /slow, target: "http://127.0.0.1:${slow.port}", auth: true }
    - { path: /echo, target: "tollgate://sample", auth: true }
`);
  const headers = { authorization: `Bearer ${master}` };
  const at = ["--data-dir", join(other.dir, "data")];
  await using followed = following(at);
  const { seen, interrupted } = followed;

  const late = fetch(`${other.url}/slow`, { headers });
  for (let count = 0; count < 12; count += 1) {
    await (await fetch(`${other.url}/echo`, { headers })).text();
    await Bun.sleep(450);
  }
  await (await late).text();
  await until(() => seen.stdout.includes("/slow"), 8_000);
  await interrupted();

  expect(ids(seen.stdout)).toHaveLength(13);
  expect(new Set(ids(seen.stdout)).size).toBe(13);
});

test("a reader that leaves is the end, without a word", async () => {
  const command = [...program, "logs", "--follow", ...place].map((word) => `'${word}'`).join(" ");
  const child = Bun.spawn(["bash", "-c", `set -o pipefail; ${command} | head -n 1`], {
    env: bareEnvironment,
    stdout: "pipe",
    stderr: "pipe",
  });
  const ended = child.exited;
  for (let count = 0; count < 40 && child.exitCode === null; count += 1) {
    await call();
    await Bun.sleep(200);
  }

  expect(await ended).toBe(0);
  expect(await new Response(child.stderr).text()).toBe("");
  expect(await new Response(child.stdout).text()).toMatch(/^TIME/);
});

test("a gateway that restarts is waited for", async () => {
  using home = directoryWithRows();
  const first = await startGateway(yaml, { dir: home.path });
  const at = ["--data-dir", home.file("data")];
  await using followed = following(at, "-n", "0");
  const { seen, interrupted } = followed;
  await Bun.sleep(1_500);

  first.signal("SIGTERM");
  await first.exited;
  await Bun.sleep(1_500);
  await using second = await startGateway(yaml, { dir: home.path });
  const headers = { authorization: `Bearer ${master}` };
  await (await fetch(`${second.url}/echo`, { method: "POST", headers, body: "{}" })).text();
  await until(() => seen.stdout.includes("/echo"), 8_000);
  await interrupted();

  expect(ids(seen.stdout)).toHaveLength(1);
  expect(seen.stderr).toContain("waiting for the next one");
});
