import { expect, setDefaultTimeout, test } from "bun:test";
import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { type Gateway, startGateway } from "../helpers/gateway.ts";
import { masterKey } from "../gateway/wire.ts";
import { until } from "../process/program.ts";
import { callOnce, errorOf, startCallers } from "./callers.ts";
import { startCountingUpstream } from "./counting-upstream.ts";
import { folded, governed, isLong, json, moneyOf, newKey, paidUsd } from "./governed.ts";
import { byName, faultsOf, rowsOf } from "./ledger-files.ts";
import { canMount, smallDisk } from "./small-disk.ts";

setDefaultTimeout(30_000);

const dropped = async (gateway: Gateway) =>
  Number(Reflect.get(await json(gateway, "/health/backlog"), "dropped_ledger_rows"));

const budgetedCall = (gateway: Gateway, key: string, name: string) =>
  callOnce(gateway.url, { name, path: "/paid/plain", key });

test.skipIf(!canMount)(
  "a full disk: who has no budget notices nothing, who has one is refused, and all is well once there is room",
  async () => {
    using disk = smallDisk("4m");
    using upstream = await startCountingUpstream();
    const args = ["--data-dir", join(disk.path, "data")];
    await using gateway = await startGateway(governed(upstream.url), { args });
    const budgeted = await newKey(gateway, { max_budget: 100 });
    const unlimited = await newKey(gateway);
    const before = await budgetedCall(gateway, budgeted, "before");

    disk.fill();
    const load = startCallers(
      () => gateway.url,
      100,
      (count) => ({
        name: `full-${count}`,
        path: count % 2 === 0 ? "/paid/plain" : "/open/stream",
        key: count % 2 === 0 ? ([unlimited, masterKey][(count / 2) % 2] ?? null) : null,
      }),
    );
    await gateway.waitForLine(({ event }) => event === "journal_failing");
    const refused = await budgetedCall(gateway, budgeted, "refused");
    await Bun.sleep(1_500);
    const reply = await fetch(`${gateway.url}/paid/plain`, {
      method: "POST",
      headers: { authorization: `Bearer ${budgeted}` },
    });
    const outcomes = await load.stop();

    disk.free();
    const freedAt = performance.now();
    await until(async () => (await budgetedCall(gateway, budgeted, "again")).status === 200);
    const recoveredMs = performance.now() - freedAt;
    await folded(gateway);
    await until(async () => (await moneyOf(gateway, budgeted)).held === 0);
    const money = await moneyOf(gateway, budgeted);
    const lost = await dropped(gateway);
    gateway.signal("SIGTERM");
    expect(await gateway.exited).toBe(0);

    expect(before.status).toBe(200);
    expect(outcomes.filter(({ status }) => status !== 200)).toEqual([]);
    expect([refused.status, errorOf(refused)]).toEqual([503, "ledger_unavailable"]);
    expect(reply.headers.get("retry-after")).toMatch(/^\d+$/);
    expect(upstream.countOf("refused")).toBe(0);
    expect(recoveredMs).toBeLessThan(5_000);
    expect(lost).toBe(0);
    expect(money.spend).toBeCloseTo(2 * paidUsd, 6);
    const rows = byName(rowsOf(join(disk.path, "data")));
    const wrong = outcomes.filter(({ name }) => rows.get(name)?.length !== 1);
    expect(wrong.map(({ name }) => name)).toEqual([]);
    expect(faultsOf(join(disk.path, "data"))).toEqual([]);
  },
);

test.skipIf(!canMount)(
  "with allow_requests_on_db_unavailable a full disk stops nobody",
  async () => {
    using disk = smallDisk("4m");
    using upstream = await startCountingUpstream();
    const yaml = governed(upstream.url, "allow_requests_on_db_unavailable: true");
    const args = ["--data-dir", join(disk.path, "data")];
    await using gateway = await startGateway(yaml, { args });
    const key = await newKey(gateway, { max_budget: 1 });

    disk.fill();
    const outcomes = [];
    for (let n = 0; n < 12; n++) outcomes.push(await budgetedCall(gateway, key, `n${n}`));

    expect(outcomes.map(({ status }) => status)).toEqual([...Array(10).fill(200), 429, 429]);
    await gateway.waitForLine(({ event }) => event === "journal_failing");
  },
);

test.skipIf(!canMount)("rows that found no room for too long are counted", async () => {
  using disk = smallDisk("4m");
  using upstream = await startCountingUpstream();
  const args = ["--data-dir", join(disk.path, "data")];
  await using gateway = await startGateway(governed(upstream.url), { args });
  const large = JSON.stringify({ text: "x".repeat(8_000) });

  disk.fill();
  const statuses = new Set<number>();
  for (let n = 0; n < 80; n++) {
    const headers = { "x-litellm-spend-logs-metadata": large };
    const calls = Array.from({ length: 10 }, () => fetch(`${gateway.url}/open/plain`, { headers }));
    for (const reply of await Promise.all(calls)) {
      statuses.add(reply.status);
      await reply.text();
    }
  }

  expect([...statuses]).toEqual([200]);
  expect(await dropped(gateway)).toBeGreaterThan(0);
});

test.skipIf(!canMount)(
  "a ballast is given up, so that a full disk stops nobody at first",
  async () => {
    using disk = smallDisk("16m");
    using upstream = await startCountingUpstream();
    const data = join(disk.path, "data");
    await using gateway = await startGateway(governed(upstream.url), {
      args: ["--data-dir", data],
    });
    const key = await newKey(gateway, { max_budget: 1_000 });
    const ballast = join(data, "ballast");
    await until(() => existsSync(ballast));
    const { size, mode } = statSync(ballast);

    disk.fill();
    const load = startCallers(
      () => gateway.url,
      50,
      (count) => ({
        name: `n${count}`,
        path: "/open/plain",
        key: null,
      }),
    );
    await gateway.waitForLine(({ event }) => event === "journal_failing");
    await gateway.waitForLine(({ event }) => event === "journal_recovered");
    const outcomes = await load.stop();
    const after = await budgetedCall(gateway, key, "after");
    await folded(gateway);

    expect(size).toBeGreaterThan(1_000_000);
    expect(size).toBeLessThanOrEqual(1_700_000);
    expect(mode & 0o777).toBe(0o600);
    expect(existsSync(ballast)).toBe(false);
    expect(outcomes.filter(({ status }) => status !== 200)).toEqual([]);
    expect(after.status).toBe(200);
  },
);

test.skipIf(!canMount || !isLong)(
  "a disk that the journal itself has filled: what is in the store goes, and all is well again",
  async () => {
    using disk = smallDisk("192m");
    using upstream = await startCountingUpstream();
    const data = join(disk.path, "data");
    await using gateway = await startGateway(governed(upstream.url), {
      args: ["--data-dir", data],
    });
    const key = await newKey(gateway, { max_budget: 1_000 });
    await until(() => existsSync(join(data, "ballast")));
    disk.fill(48 * 1024 * 1024);
    const metadata = JSON.stringify({ text: "x".repeat(8_000) });
    const headers = { "x-litellm-spend-logs-metadata": metadata };

    const isFull = () => gateway.lines().some(({ event }) => event === "journal_failing");
    for (let n = 0; n < 1_000 && !isFull(); n++) {
      const calls = Array.from({ length: 10 }, () =>
        fetch(`${gateway.url}/open/plain`, { headers }),
      );
      await Promise.all((await Promise.all(calls)).map((reply) => reply.text()));
    }
    await gateway.waitForLine(({ event }) => event === "journal_recovered", 20_000);
    await until(() => existsSync(join(data, "ballast")), 20_000);

    expect(isFull()).toBe(true);
    expect(disk.freeBytes()).toBeGreaterThan(8 * 1024 * 1024);
    expect((await budgetedCall(gateway, key, "after")).status).toBe(200);
    expect(await dropped(gateway)).toBe(0);
  },
  120_000,
);
