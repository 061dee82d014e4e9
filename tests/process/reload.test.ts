import { expect, test } from "bun:test";
import { mkdirSync, renameSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Gateway, startGateway } from "../helpers/gateway.ts";
import { startRawUpstream } from "../helpers/raw-upstream.ts";
import { startLoad } from "./load.ts";
import { residentBytes, temporaryFolder, until } from "./program.ts";

const masterKey = "sk-master-key-of-this-test";
const headers = { authorization: `Bearer ${masterKey}` };
const long = process.env["TOLLGATE_LONG"] === "1";

function config(target: string, paths: readonly string[], secret = "secret-one"): string {
  const endpoints = paths.map(
    (path) => `    - { path: ${path}, target: "${target}", headers: { x-api-key: ${secret} } }\n`,
  );
  return `general_settings:\n  master_key: ${masterKey}\n  pass_through_endpoints:\n${endpoints.join("")}`;
}

const isServed = async (gateway: Gateway, path: string) =>
  (await fetch(gateway.url + path, { headers })).status === 200;

const ways: readonly (readonly [
  name: string,
  change: (gateway: Gateway, text: string) => unknown,
])[] = [
  ["writing the file", ({ configPath }, text) => writeFileSync(configPath, text)],
  [
    "renaming a file over it",
    ({ configPath }, text) => {
      writeFileSync(`${configPath}.new`, text);
      renameSync(`${configPath}.new`, configPath);
    },
  ],
];

test.each(ways)("%s puts a new route live within 500 ms", async (_, change) => {
  using upstream = await startRawUpstream();
  await using gateway = await startGateway(config(upstream.url, ["/a"]));
  expect(await isServed(gateway, "/b")).toBe(false);

  change(gateway, config(upstream.url, ["/a", "/b"]));
  await until(() => isServed(gateway, "/b"), 500);

  const line = await gateway.waitForLine(({ event }) => event === "reloaded");
  expect(line).toMatchObject({ reason: "file changed", routes: 2, removed: [], changed: [] });
});

test("swapping the symlink of a mounted volume puts a new route live within 500 ms", async () => {
  using upstream = await startRawUpstream();
  using volume = temporaryFolder();
  for (const [name, paths] of [
    ["..1", ["/a"]],
    ["..2", ["/a", "/b"]],
  ] as const) {
    mkdirSync(volume.file(name));
    writeFileSync(join(volume.file(name), "config.yaml"), config(upstream.url, paths));
  }
  symlinkSync("..1", volume.file("..data"));
  symlinkSync("..data/config.yaml", volume.file("config.yaml"));
  await using gateway = await startGateway("{}", {
    args: ["--config", volume.file("config.yaml")],
  });
  expect(await isServed(gateway, "/b")).toBe(false);

  symlinkSync("..2", volume.file("..data_tmp"));
  renameSync(volume.file("..data_tmp"), volume.file("..data"));

  await until(() => isServed(gateway, "/b"), 500);
});

test("SIGHUP and POST /config/reload read the file again", async () => {
  using upstream = await startRawUpstream();
  await using gateway = await startGateway(config(upstream.url, ["/a"]));

  writeFileSync(gateway.configPath, config(upstream.url, ["/a", "/b"]));
  const reply = await fetch(`${gateway.url}/config/reload`, { method: "POST", headers });
  const served = await isServed(gateway, "/b");
  writeFileSync(gateway.configPath, config(upstream.url, ["/c"]));
  gateway.signal("SIGHUP");
  await until(() => isServed(gateway, "/c"), 500);

  expect([reply.status, await reply.json()]).toEqual([200, { reloaded: true, routes: 2 }]);
  expect(served).toBe(true);
  expect(await isServed(gateway, "/b")).toBe(false);
  await gateway.waitForLine(({ reason }) => reason === "POST /config/reload");
  await gateway.waitForLine(({ reason }) => reason === "SIGHUP");
});

test("a bad file keeps the old config and says why, and a good one mends it", async () => {
  using upstream = await startRawUpstream();
  await using gateway = await startGateway(config(upstream.url, ["/a"]));

  writeFileSync(gateway.configPath, config(upstream.url, ["/b"]).replace("/b", "no-slash"));
  const failed = await gateway.waitForLine(({ event }) => event === "reload_failed");
  const reply = await fetch(`${gateway.url}/config/reload`, { method: "POST", headers });
  const body = await reply.text();
  const stillServed = await isServed(gateway, "/a");
  writeFileSync(gateway.configPath, config(upstream.url, ["/c"]));
  await until(() => isServed(gateway, "/c"), 1_000);

  expect(failed).toMatchObject({ level: "error", reason: "file changed" });
  expect(JSON.stringify(failed["faults"])).toContain("config.yaml:4:");
  expect(reply.status).toBe(422);
  expect(JSON.parse(body)).toMatchObject({ error: { type: "config_invalid" } });
  expect(body).toContain("config.yaml:4:");
  expect(stillServed).toBe(true);
});

test("a file that is gone keeps the old config", async () => {
  using upstream = await startRawUpstream();
  await using gateway = await startGateway(config(upstream.url, ["/a"]));

  renameSync(gateway.configPath, `${gateway.configPath}.away`);
  const failed = await gateway.waitForLine(({ event }) => event === "reload_failed");

  expect(JSON.stringify(failed["faults"])).toContain("cannot be read (ENOENT)");
  expect(await isServed(gateway, "/a")).toBe(true);
});

test("what changed is logged by name; a secret that changed is nowhere in the log", async () => {
  using upstream = await startRawUpstream();
  await using gateway = await startGateway(config(upstream.url, ["/a", "/b"]), {
    args: ["--detailed_debug"],
  });
  const next = config(upstream.url, ["/a", "/c"], "secret-two").replace(masterKey, `${masterKey}2`);

  writeFileSync(gateway.configPath, next);
  const line = await gateway.waitForLine(({ event }) => event === "reloaded");

  const texts = JSON.stringify([line["added"], line["changed"], line["removed"]]);
  expect(texts).toMatch(
    /^\[\["[^"]*c[^"]*"\],\["general_settings\.master_key","[^"]*a[^"]* \(headers\)"\],\["[^"]*b[^"]*"\]\]$/,
  );
  expect(gateway.stderr() + gateway.stdout()).not.toMatch(/secret-one|secret-two|sk-master/);
});

test("a stream that runs keeps its route, its upstream and its bytes", async () => {
  using upstream = await startRawUpstream({
    scripts: {
      "/sse": [
        { write: "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n" },
        ...Array.from({ length: 20 }, (_, n) => [{ write: `data: ${n}\n\n` }, { wait: 40 }]).flat(),
        { end: "close" },
      ],
    },
  });
  await using gateway = await startGateway(config(`${upstream.url}/sse`, ["/sse"]));
  const reply = await fetch(`${gateway.url}/sse`, { headers });

  writeFileSync(gateway.configPath, config(`${upstream.url}/other`, ["/other"]));
  await gateway.waitForLine(({ event }) => event === "reloaded");
  const gone = await isServed(gateway, "/sse");
  const text = await reply.text();

  expect(gone).toBe(false);
  expect(text).toBe(Array.from({ length: 20 }, (_, n) => `data: ${n}\n\n`).join(""));
});

test("reloads under load: none failed, none cut", async () => {
  const rounds = long ? 50 : 10;
  using upstream = await startRawUpstream({
    scripts: {
      "/sse": [
        { write: "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n" },
        ...Array.from({ length: rounds }, () => [{ write: "data: x\n\n" }, { wait: 150 }]).flat(),
        { write: "data: [DONE]\n\n" },
        { end: "close" },
      ],
    },
  });
  const yaml = (n: number) => `general_settings:
  master_key: ${masterKey}
  pass_through_endpoints:
    - { path: /a, target: "${upstream.url}", auth: false, headers: { x-round: "${n}" } }
    - { path: /sse, target: "${upstream.url}/sse", auth: false }
`;
  await using gateway = await startGateway(yaml(0));
  const streams = Array.from({ length: 50 }, async () =>
    (await fetch(`${gateway.url}/sse`)).text(),
  );
  const loads = [true, false].map((keepAlive) =>
    startLoad(gateway.port, { clients: 4, path: "/a", keepAlive }),
  );

  for (let n = 1; n <= rounds; n++) {
    writeFileSync(gateway.configPath, yaml(n));
    if (n % 2 === 0) gateway.signal("SIGHUP");
    await Bun.sleep(120);
  }
  const results = await Promise.all(loads.map((load) => load.stop()));
  const texts = await Promise.all(streams);

  expect(results.flatMap(({ failures }) => failures)).toEqual([]);
  expect(results.map(({ answered }) => answered > 100)).toEqual([true, true]);
  expect(texts.filter((text) => !text.endsWith("[DONE]\n\n"))).toEqual([]);
  expect(upstream.requests.at(-1)?.headerLines.join()).toMatch(/x-round: [1-9]/i);
}, 60_000);

test("reloads leave no memory behind", async () => {
  using upstream = await startRawUpstream();
  const yaml = (n: number) =>
    config(
      upstream.url,
      Array.from({ length: 50 }, (_, path) => `/r${n % 2}/${path}`),
    );
  await using gateway = await startGateway(yaml(0));
  const reload = () => fetch(`${gateway.url}/config/reload`, { method: "POST", headers });
  for (let n = 0; n < 50; n++) await reload();
  if (long) await Bun.sleep(5_000); // until what is garbage is given back
  const before = await residentBytes(gateway.pid);

  for (let n = 0; n < (long ? 1_000 : 100); n++) {
    writeFileSync(gateway.configPath, yaml(n));
    await reload();
  }

  const allowed = before + 10 * 1024 * 1024;
  await until(async () => (await residentBytes(gateway.pid)) < allowed, 15_000);
}, 120_000);

test("settings that a start alone reads are told of", async () => {
  await using gateway = await startGateway("general_settings:\n  ledger_sync: interval\n");

  writeFileSync(gateway.configPath, "general_settings:\n  ledger_sync: turn\n");

  const line = await gateway.waitForLine(({ event }) => event === "restart_needed");
  expect(line).toMatchObject({
    level: "warn",
    message: "general_settings.ledger_sync: a restart applies the change",
  });
});
