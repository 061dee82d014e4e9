import { expect, test } from "bun:test";
import { loadConfig } from "../../src/config/load.ts";
import type { StoredEndpoint } from "../../src/core/endpoint-book.ts";
import { buildRuntime } from "../../src/runtime.ts";

const yaml = `general_settings:
  master_key: sk-master-key-of-this-test
  pass_through_endpoints:
    - { path: /filed, target: "https://a.example.com", include_subpath: true }
    - { path: /filed, target: "https://b.example.com" }
`;
const surroundings = {
  env: {},
  addresses: ["127.0.0.1"],
  port: 4000,
  sampleUrl: () => "http://127.0.0.1:9",
  keys: { find: () => null, team: () => null },
};
const load = (text = yaml) => loadConfig(text, "config.yaml", { env: {} });

function stored(id: string, settings: object = {}): StoredEndpoint {
  const target = `https://${id}.example.com/v1?key=secret-of-${id}-0123`;
  return {
    id,
    version: 1,
    settings: { path: `/${id}`, target, headers: { "x-own": `header-of-${id}-0123` }, ...settings },
    createdAt: 0,
    createdBy: "me",
    updatedAt: 0,
    updatedBy: "me",
  };
}

const [a, b, c] = [stored("a"), stored("b", { log: "bodies" }), stored("c", { odd_key: 1 })];

/** All that can be compared: functions and prices are those of the config. */
function told({ findings, routes, off, configured, runtime }: ReturnType<typeof buildRuntime>) {
  return JSON.stringify(
    { findings, routes, off, configured, secrets: runtime?.secrets },
    (_, of) => (of instanceof Set ? [...of] : of),
  );
}

test("a runtime with one endpoint changed is the one that a fresh start would build", () => {
  const loaded = load();
  const first = buildRuntime(loaded, surroundings, [a, b, c], "b");
  const next = [a, stored("b", { timeout: 5, headers: { "x-own": "another-header-9876" } }), c];

  const second = buildRuntime(loaded, surroundings, next, "b");
  const third = buildRuntime(loaded, surroundings, next.slice(1));
  const last = buildRuntime(loaded, surroundings, [a, b, c], "b");

  expect(first.runtime).not.toBeNull();
  expect(told(second)).toBe(told(buildRuntime(load(), surroundings, next, "b")));
  expect(told(third)).toBe(told(buildRuntime(load(), surroundings, next.slice(1))));
  expect(told(last)).toBe(told(first));
  expect(second.runtime?.secrets).toContain("another-header-9876");
  expect(second.runtime?.secrets).not.toContain("header-of-b-0123");
});

test("what did not change is not compiled again", () => {
  const loaded = load();
  const find = (built: ReturnType<typeof buildRuntime>, id: string) =>
    built.routes.find((route) => route.id === id);

  const first = buildRuntime(loaded, surroundings, [a, b]);
  const second = buildRuntime(loaded, surroundings, [a, stored("b")], "b");

  expect(find(second, "a")).toBe(find(first, "a"));
  expect(find(second, "b")).not.toBe(find(first, "b"));
});

test("another config, another port: everything is compiled anew", () => {
  const settings = `${yaml}  pass_through_request_timeout: 7\n  max_request_size_mb: 3\n  allow_private_targets: [10.0.0.0/8]\n`;
  const loaded = load();
  const inside = stored("inside", { target: "http://10.0.0.1:8080" });
  const before = buildRuntime(loaded, surroundings, [a, inside]);

  const reloaded = buildRuntime(load(settings), surroundings, [a, inside]);
  const rooted = buildRuntime(load(), { ...surroundings, env: { SERVER_ROOT_PATH: "/g" } }, [a]);
  const own = stored("own", { target: "http://127.0.0.1:4001" });
  const listening = { ...surroundings, port: 4000 };
  const free = buildRuntime(loaded, listening, [own]);
  listening.port = 4001;
  const taken = buildRuntime(loaded, listening, [own]);

  const [was, now] = [before, reloaded].map(({ routes }) => routes.find(({ id }) => id === "a"));
  expect([was?.deadlines.firstByteMs, now?.deadlines.firstByteMs]).toEqual([600_000, 7_000]);
  expect(now?.maxBodyBytes).toBe(3 * 1024 * 1024);
  const warned = ({ findings }: typeof before) => JSON.stringify(findings).includes("not a public");
  expect([warned(before), warned(reloaded)]).toEqual([true, false]);
  expect(rooted.routes.map(({ path }) => path)).toContain("/g/a");
  const isOwn = ({ findings }: typeof before) => JSON.stringify(findings).includes("own address");
  expect([isOwn(free), isOwn(taken)]).toEqual([false, true]);
});
