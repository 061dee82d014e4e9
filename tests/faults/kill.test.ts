import { expect, setDefaultTimeout, test } from "bun:test";
import { join } from "node:path";
import { masterKey } from "../gateway/wire.ts";
import { type Gateway, startGateway } from "../helpers/gateway.ts";
import { callOnce, type NamedCall, startCallers } from "./callers.ts";
import { type CountingUpstream, startCountingUpstream } from "./counting-upstream.ts";
import { folded, governed, isLong, moneyOf, newKey, openUsd, paidUsd } from "./governed.ts";
import { byName, faultsOf, type LedgerRow, rowsOf } from "./ledger-files.ts";

setDefaultTimeout(30_000);

const kills = isLong ? 100 : 10;
const perSecond = isLong ? 200 : 100;

const replies = ["plain", "slow", "stream"];

/** Callers of all kinds, and replies of all kinds, in turn. */
function mixed(keys: { readonly budgeted: string; readonly unlimited: string }) {
  return (count: number): NamedCall => {
    const reply = replies[count % replies.length] ?? "plain";
    const name = `n${count}`;
    switch (Math.floor(count / replies.length) % 4) {
      case 0:
        return { name, path: `/paid/${reply}`, key: keys.budgeted };
      case 1:
        return { name, path: `/paid/${reply}`, key: keys.unlimited };
      case 2:
        return { name, path: `/paid/${reply}`, key: masterKey };
      default:
        return { name, path: `/open/${reply}`, key: null };
    }
  };
}

/** Calls that the upstream was asked for, and that are not in the ledger once and with their price. */
function unbooked(upstream: CountingUpstream, rows: readonly LedgerRow[]): string[] {
  const found = byName(rows);
  return [...upstream.counts()].flatMap(([name, count]) => {
    const own = found.get(name) ?? [];
    const [row] = own;
    if (count === 1 && own.length === 1 && row !== undefined && (row.costNano ?? 0) > 0) return [];
    return [`${name}: asked ${count} times, ${JSON.stringify(own)}`];
  });
}

function twice(rows: readonly LedgerRow[]): string[] {
  return [...byName(rows)].filter(([, own]) => own.length > 1).map(([name]) => name);
}

const sum = (rows: readonly LedgerRow[]) =>
  rows.reduce((total, { costNano }) => total + (costNano ?? 0), 0);

test(
  `killed ${kills} times under load: all that the upstream was asked is in the ledger, once, and no budget is overrun`,
  async () => {
    using upstream = await startCountingUpstream();
    const yaml = governed(upstream.url);
    await using home = await startGateway(yaml);
    const keys = {
      budgeted: await newKey(home, { max_budget: 1_000 }),
      unlimited: await newKey(home),
      tenAtOnce: await newKey(home, { max_budget: 10 * paidUsd }),
      tenInTurn: await newKey(home, { max_budget: 10 * paidUsd }),
    };
    const dataDirectory = join(home.dir, "data");
    let current: Gateway = home;
    await using stack = new AsyncDisposableStack();
    const callers = startCallers(() => current.url, perSecond, mixed(keys));
    const greedy = startCallers(
      () => current.url,
      40,
      (count) => ({
        name: `ten-${count}`,
        path: "/paid/slow",
        key: keys.tenAtOnce,
      }),
    );
    const damaged: string[] = [];
    let last: Promise<unknown> = Promise.resolve();
    for (let round = 0; round < kills; round++) {
      await Bun.sleep(200 + Math.random() * 200);
      const turn = [0, 1].map((n) =>
        callOnce(current.url, {
          name: `turn-${round}-${n}`,
          path: n === 0 ? "/paid/slow" : "/paid/plain",
          key: keys.tenInTurn,
        }),
      );
      last = Promise.all(turn);
      await Bun.sleep(Math.random() * 60);
      current.signal("SIGKILL");
      await current.exited;
      damaged.push(...faultsOf(dataDirectory));
      current = stack.use(await startGateway(yaml, { dir: home.dir }));
    }
    await Bun.sleep(300);
    const outcomes = [...(await callers.stop()), ...(await greedy.stop())];
    await last;
    await folded(current);
    const money = await Promise.all(Object.values(keys).map((key) => moneyOf(current, key)));
    current.signal("SIGTERM");
    expect(await current.exited).toBe(0);

    const rows = rowsOf(dataDirectory);
    expect(damaged).toEqual([]);
    expect(faultsOf(dataDirectory)).toEqual([]);
    expect(outcomes.filter(({ status }) => status === 200).length).toBeGreaterThan(kills * 20);
    expect(rows.filter(({ estimated }) => estimated).length).toBeGreaterThan(kills / 2);
    expect(unbooked(upstream, rows)).toEqual([]);
    expect(twice(rows)).toEqual([]);
    expect(upstream.countOf("ten-")).toBeLessThanOrEqual(10);
    expect(upstream.countOf("ten-")).toBeGreaterThan(5);
    expect(upstream.countOf("turn-")).toBeLessThanOrEqual(10);
    expect(upstream.countOf("turn-")).toBeGreaterThan(5);
    expect(money.map(({ held }) => held)).toEqual([0, 0, 0, 0]);
    expect(sum(rows)).toBeGreaterThanOrEqual(leastSum(upstream));
  },
  isLong ? 300_000 : 60_000,
);

/** What the calls that came to the upstream cost together, in nano-dollars. */
function leastSum({ raw }: CountingUpstream): number {
  const isOpen = (target: string) =>
    /n=n/.test(target) && Number(/n=n(\d+)/.exec(target)?.[1]) % 12 >= 9;
  return raw.requests.reduce(
    (total, { target }) => total + Math.round((isOpen(target) ? openUsd : paidUsd) * 1e9),
    0,
  );
}
