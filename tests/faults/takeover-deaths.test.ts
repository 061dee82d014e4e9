import { expect, setDefaultTimeout, test } from "bun:test";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type Gateway, startGateway } from "../helpers/gateway.ts";
import { bareEnvironment, program, until } from "../process/program.ts";
import { callOnce, errorOf, startCallers } from "./callers.ts";
import { startCountingUpstream } from "./counting-upstream.ts";
import { folded, governed, isLong, moneyOf, newKey, paidUsd } from "./governed.ts";
import { byName, rowsOf } from "./ledger-files.ts";

setDefaultTimeout(30_000);

const deaths = isLong ? 8 : 1;

const takeover = (home: Gateway) => ["--takeover", "--port", String(home.port)];

const underWay = (key: string, prefix: string, count: number, url: string) =>
  Array.from({ length: count }, (_, n) =>
    callOnce(url, { name: `${prefix}-${n}`, path: "/paid/longer", key }),
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
  const rows = byName(rowsOf(join(home.dir, "data")));
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
  const late = callOnce(home.url, { name: "late", path: "/paid/late", key });
  await until(() => upstream.countOf("long-") + upstream.countOf("late") === 4);
  await using next = await startGateway(yaml, { dir: home.dir, args: takeover(home) });

  await using third = await startGateway(yaml, {
    dir: home.dir,
    args: takeover(home),
    waitFor: "exit",
  });

  expect(third.stderr()).toContain("the one before it still has calls under way");
  expect(await third.exited).toBe(1);
  await late;
  await until(async () => (await moneyOf(next, key)).held === 0.3, 300); // told at once, not at the old one's end
  expect(existsSync(`/proc/${home.pid}`)).toBe(true);
  expect(
    (await Promise.all(streams)).filter(({ text }) => text.endsWith("[DONE]\n\n")).length,
  ).toBe(3);
  expect(await home.exited).toBe(0);
  await until(async () => (await moneyOf(next, key)).held === 0);
  expect((await moneyOf(next, key)).spend).toBe(0.4);
  await using fourth = await startGateway(yaml, { dir: home.dir, args: takeover(home) });
  expect(await next.exited).toBe(0);
  expect(await moneyOf(fourth, key)).toEqual({ spend: 0.4, held: 0 });
});

test.each([
  ["its config is wrong", "general_settings: { no_such_key_at_all: [", []],
  ["it cannot listen", null, ["--tls-cert", "/nowhere/cert", "--tls-key", "/nowhere/key"]],
] as const)("a successor that fails because %s: the old one goes on", async (_, broken, args) => {
  using upstream = await startCountingUpstream();
  const yaml = governed(upstream.url);
  await using home = await startGateway(yaml);
  const key = await newKey(home, { max_budget: 1_000 });
  const load = startCallers(
    () => home.url,
    100,
    (count) => ({
      name: `n${count}`,
      path: "/paid/slow",
      key,
    }),
  );
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

/** How far a successor has come when it is killed. */
const stages = ["has begun", "has its socket", "has the directory"] as const;

/** Starts a successor and kills it as soon as it is there. */
async function killedAt(home: Gateway, stage: (typeof stages)[number]): Promise<number> {
  const data = join(home.dir, "data");
  const flags = ["--config", home.configPath, "--data-dir", data, ...takeover(home)];
  const child = Bun.spawn([...program, ...flags], {
    cwd: home.dir,
    env: bareEnvironment,
    stdout: "ignore",
    stderr: "ignore",
  });
  const isThere = {
    "has begun": () =>
      readdirSync(join(data, "journal")).some((name) => name.includes(`-${child.pid}-`)),
    "has its socket": () => readdirSync(data).includes(`control-${child.pid}.sock`),
    "has the directory": () => read(join(data, "tollgate.lock")).includes(`"pid":${child.pid},`),
  };
  const deadline = performance.now() + 5_000;
  while (!isThere[stage]() && performance.now() < deadline) await Bun.sleep(1);
  child.kill("SIGKILL");
  const at = performance.now();
  await child.exited;
  return at;
}

function read(path: string): string {
  return existsSync(path) ? readFileSync(path, "utf8") : "";
}

test.each(stages)(
  "a successor that is killed once it %s: the old one goes on within a second",
  async (stage) => {
    using upstream = await startCountingUpstream();
    const yaml = governed(upstream.url);
    await using home = await startGateway(yaml);
    const keys = {
      large: await newKey(home, { max_budget: 1_000 }),
      slots: await newKey(home, { max_budget: 100 * paidUsd }),
    };
    const load = startCallers(
      () => home.url,
      60,
      (count) => {
        const own = count % 2 === 0;
        const path = count % 3 === 0 ? "/paid/slow" : "/paid/plain";
        return {
          name: `${own ? "own" : "slots"}-${count}`,
          path,
          key: own ? keys.large : keys.slots,
        };
      },
    );
    await Bun.sleep(150);

    const killed: number[] = [];
    for (let round = 0; round < deaths; round++) {
      killed.push(await killedAt(home, stage));
      await Bun.sleep(700);
    }
    const outcomes = await load.stop();
    await using next = await startGateway(yaml, { dir: home.dir, args: takeover(home) });
    const after = await callOnce(next.url, {
      name: "own-after",
      path: "/paid/plain",
      key: keys.large,
    });
    expect(await home.exited).toBe(0);
    await folded(next);
    const money = await Promise.all(Object.values(keys).map((key) => moneyOf(next, key)));

    expect(after.status).toBe(200);
    const refused = outcomes.filter(
      ({ status, name }) =>
        status !== 200 && status !== 0 && !(status === 429 && name.startsWith("slots")),
    );
    expect(refused).toEqual([]);
    // What the kernel had given to the one that was killed is cut with it.
    const isNear = (at: number) => killed.some((kill) => at > kill - 1_000 && at < kill + 100);
    expect(outcomes.filter(({ status, startedAt }) => status === 0 && !isNear(startedAt))).toEqual(
      [],
    );
    const rows = byName(rowsOf(join(home.dir, "data")));
    const asked = [...upstream.counts().keys()];
    expect(asked.filter((name) => rows.get(name)?.length !== 1)).toEqual([]);
    expect(upstream.countOf("slots-")).toBeLessThanOrEqual(100);
    const costs = (prefix: string) =>
      [...rows].reduce(
        (sum, [name, [row]]) => sum + (name.startsWith(prefix) ? (row?.costNano ?? 0) : 0),
        0,
      );
    expect(money.map(({ held }) => held)).toEqual([0, 0]);
    expect(money.map(({ spend }) => Math.round(spend * 1e9))).toEqual([
      costs("own-"),
      costs("slots-"),
    ]);
  },
  isLong ? 120_000 : 30_000,
);
