import { expect, test } from "bun:test";
import { join } from "node:path";
import { type Gateway, startGateway } from "../helpers/gateway.ts";
import { until } from "../process/program.ts";
import { callOnce, errorOf, startCallers } from "./callers.ts";
import { startCountingUpstream } from "./counting-upstream.ts";
import { folded, governed, isLong, moneyOf, newKey, paidUsd } from "./governed.ts";
import { byTag, rowsOf } from "./ledger-files.ts";

const takeover = (home: Gateway) => ["--takeover", "--port", String(home.port)];

const underWay = (key: string, prefix: string, count: number, url: string) =>
  Array.from({ length: count }, (_, n) =>
    callOnce(url, { name: `${prefix}-${n}`, path: "/paid/long", key }),
  );

test("the old one is killed while its last calls end: its successor books them, and their budget", async () => {
  using upstream = await startCountingUpstream();
  const yaml = governed(upstream.url);
  await using home = await startGateway(yaml);
  const key = await newKey(home, { max_budget: 10 * paidUsd });
  const streams = underWay(key, "cut", 6, home.url);
  await until(() => upstream.countOf("cut-") === 6);

  await using next = await startGateway(yaml, { dir: home.dir, args: takeover(home) });
  await next.waitForLine(({ event }) => event === "taken_over");
  const meanwhile = await moneyOf(next, key);
  const more = Array.from({ length: 8 }, (_, n) =>
    callOnce(next.url, { name: `more-${n}`, path: "/paid/plain", key }),
  );
  const outcomes = await Promise.all(more);
  home.signal("SIGKILL");
  await Promise.all(streams);
  await until(async () => (await moneyOf(next, key)).held === 0);
  const after = await callOnce(next.url, { name: "after", path: "/paid/plain", key });
  await folded(next);

  expect(meanwhile).toEqual({ spend: 0, held: 0.6 });
  expect(outcomes.filter(({ status }) => status === 200).length).toBe(4);
  expect(errorOf(after)).toBe("budget_exceeded");
  expect(await moneyOf(next, key)).toEqual({ spend: 1, held: 0 });
  const rows = byTag(rowsOf(join(home.dir, "data")));
  const cut = Array.from({ length: 6 }, (_, n) => rows.get(`cut-${n}`) ?? []);
  expect(cut.map((own) => own.map(({ estimated, costNano }) => [estimated, costNano]))).toEqual(
    Array.from({ length: 6 }, () => [[true, paidUsd * 1e9]]),
  );
});

test("a takeover while the one before still has calls is refused, and all goes on", async () => {
  using upstream = await startCountingUpstream();
  const yaml = governed(upstream.url);
  await using home = await startGateway(yaml);
  const key = await newKey(home, { max_budget: 1 });
  const streams = underWay(key, "long", 3, home.url);
  await until(() => upstream.countOf("long-") === 3);
  await using next = await startGateway(yaml, { dir: home.dir, args: takeover(home) });

  await using third = await startGateway(yaml, {
    dir: home.dir,
    args: takeover(home),
    waitFor: "exit",
  });

  expect(third.stderr()).toContain("cannot be taken over from");
  expect(third.stderr()).toContain(`pid ${home.pid}`);
  expect(await third.exited).toBe(1);
  expect((await Promise.all(streams)).filter(({ text }) => text.endsWith("[DONE]\n\n")).length).toBe(3);
  expect(await home.exited).toBe(0);
  await until(async () => (await moneyOf(next, key)).held === 0);
  expect((await moneyOf(next, key)).spend).toBe(0.3);
  await using fourth = await startGateway(yaml, { dir: home.dir, args: takeover(home) });
  expect(await next.exited).toBe(0);
  expect(await moneyOf(fourth, key)).toEqual({ spend: 0.3, held: 0 });
});

test.each([
  ["its config is wrong", "general_settings: { no_such_key_at_all: [", []],
  ["it cannot listen", null, ["--tls-cert", "/nowhere/cert", "--tls-key", "/nowhere/key"]],
] as const)("a successor that fails because %s: the old one goes on", async (_, broken, args) => {
  using upstream = await startCountingUpstream();
  const yaml = governed(upstream.url);
  await using home = await startGateway(yaml);
  const key = await newKey(home, { max_budget: 1_000 });
  const load = startCallers(() => home.url, 100, (count) => ({
    name: `n${count}`,
    path: "/paid/slow",
    key,
  }));
  await Bun.sleep(200);

  await using next = await startGateway(broken ?? yaml, {
    dir: home.dir,
    args: [...takeover(home), ...args],
    waitFor: "exit",
  });
  await Bun.sleep(400);
  const outcomes = await load.stop();

  expect(await next.exited).not.toBe(0);
  expect(outcomes.filter(({ status }) => status !== 200)).toEqual([]);
  expect(outcomes.length).toBeGreaterThan(40);
  expect((await moneyOf(home, key)).held).toBe(0);
  expect((await moneyOf(home, key)).spend).toBeCloseTo(outcomes.length * paidUsd, 6);
});

const deaths = isLong ? 60 : 6;

test("a successor that is killed on its way: the old one goes on within a second, and refuses nobody", async () => {
  using upstream = await startCountingUpstream();
  const yaml = governed(upstream.url);
  await using home = await startGateway(yaml);
  const key = await newKey(home, { max_budget: 1_000 });
  const load = startCallers(() => home.url, 50, (count) => ({
    name: `n${count}`,
    path: "/paid/plain",
    key,
  }));

  const slowest: number[] = [];
  for (let round = 0; round < deaths; round++) {
    const next = await startGateway(yaml, { dir: home.dir, args: takeover(home), waitFor: "exit" }).catch(() => null);
    slowest.push(next === null ? 1 : 0);
  }
  const outcomes = await load.stop();

  expect(outcomes.filter(({ status }) => status !== 200)).toEqual([]);
});
