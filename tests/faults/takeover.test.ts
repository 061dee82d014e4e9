import { expect, setDefaultTimeout, test } from "bun:test";
import { join } from "node:path";
import { masterKey } from "../gateway/wire.ts";
import { type Gateway, startGateway } from "../helpers/gateway.ts";
import { errorOf, type NamedCall, type Outcome, startCallers } from "./callers.ts";
import { startCountingUpstream } from "./counting-upstream.ts";
import { folded, governed, isLong, moneyOf, newKey, paidUsd } from "./governed.ts";
import { byName, faultsOf, rowsOf } from "./ledger-files.ts";

setDefaultTimeout(30_000);

const takeovers = isLong ? 10 : 3;
const slots = 200;
const perMinute = 20;
const parallel = 3;

/** The next gateway, on the same port and data directory, once the one before has gone. */
async function successorOf(gateway: Gateway, home: Gateway, yaml: string): Promise<Gateway> {
  const args = ["--takeover", "--port", String(home.port)];
  const next = await startGateway(yaml, { dir: home.dir, args });
  expect(await gateway.exited).toBe(0);
  return next;
}

const replies = ["plain", "slow", "stream", "long"];

const replyOf = (count: number) => replies[count % replies.length] ?? "plain";

/** A kept connection that is closed while no call is on it is no failure, whatever the client makes of it: HTTP allows it. */
function isRace(
  { status, alone, name, text }: Outcome,
  asked: ReadonlyMap<string, number>,
): boolean {
  return status === 0 && alone !== true && !asked.has(name) && /closed|reset/i.test(text);
}

/** Neither refused for another reason than a limit, nor cut. */
function failures(outcomes: readonly Outcome[], allowed: readonly string[]): string[] {
  return outcomes.flatMap((outcome) => {
    const { name, status, text, path } = outcome;
    const isWhole = /long|stream/.test(path) ? text.endsWith("[DONE]\n\n") : text.endsWith("}");
    if (status === 200 && isWhole) return [];
    if (status === 429 && allowed.includes(errorOf(outcome) ?? "")) return [];
    return [`${name} ${path}: ${status} ${text.slice(0, 200)}`];
  });
}

test(
  `taken over ${takeovers} times under load: nothing is lost, cut, booked twice or let through beyond a limit`,
  async () => {
    using upstream = await startCountingUpstream();
    const yaml = governed(upstream.url);
    await using home = await startGateway(yaml);
    const keys = {
      unlimited: await newKey(home),
      slots: await newKey(home, { max_budget: slots * paidUsd }),
      rate: await newKey(home, { rpm_limit: perMinute }),
      parallel: await newKey(home, { max_parallel_requests: parallel }),
    };
    const load = startCallers(
      () => home.url,
      isLong ? 100 : 60,
      (count): NamedCall => {
        const isOpen = count % 5 === 0;
        const key = isOpen ? null : count % 2 === 0 ? masterKey : keys.unlimited;
        const path = `/${isOpen ? "open" : "paid"}/${replyOf(count)}`;
        return { name: `load-${count}`, path, key, alone: count % 3 > 0 };
      },
    );
    const limited = [
      startCallers(
        () => home.url,
        isLong ? 30 : 60,
        (count) => {
          const path = `/paid/${replyOf(count)}`;
          return { name: `slots-${count}`, path, key: keys.slots, alone: true };
        },
      ),
      startCallers(
        () => home.url,
        10,
        (count) => {
          return { name: `rate-${count}`, path: "/paid/plain", key: keys.rate, alone: true };
        },
      ),
      startCallers(
        () => home.url,
        20,
        (count) => {
          return { name: `parallel-${count}`, path: "/paid/slow", key: keys.parallel, alone: true };
        },
      ),
    ];

    await using stack = new AsyncDisposableStack();
    let current: Gateway = home;
    for (let round = 0; round < takeovers; round++) {
      await Bun.sleep(400);
      current = stack.use(await successorOf(current, home, yaml));
    }
    await Bun.sleep(400);
    const all = await load.stop();
    const asked = upstream.counts();
    const loaded = all.filter((outcome) => !isRace(outcome, asked));
    const [onSlots = [], onRate = [], onParallel = []] = await Promise.all(
      limited.map((callers) => callers.stop()),
    );
    await folded(current);
    const money = await Promise.all(Object.values(keys).map((key) => moneyOf(current, key)));
    current.signal("SIGTERM");
    expect(await current.exited).toBe(0);

    expect(failures(loaded, [])).toEqual([]);
    expect(all.length - loaded.length).toBeLessThanOrEqual(takeovers);
    expect(failures(onSlots, ["budget_exceeded"])).toEqual([]);
    expect(failures(onRate, ["rate_limited"])).toEqual([]);
    expect(failures(onParallel, ["parallel_limited"])).toEqual([]);
    expect(onSlots.length).toBeGreaterThan(slots);
    expect(upstream.countOf("slots-")).toBe(slots);
    expect(mostWithinAMinute(upstream.raw.requests)).toBe(perMinute);
    expect(mostAtOnce(upstream.raw.requests)).toBe(parallel);

    const rows = byName(rowsOf(join(home.dir, "data")));
    const outcomes = [...loaded, ...onSlots, ...onRate, ...onParallel];
    const wrong = outcomes.filter(({ name, status }) => {
      const own = rows.get(name) ?? [];
      return own.length !== 1 || own[0]?.status !== status || own[0]?.estimated;
    });
    expect(wrong.map(({ name }) => [name, rows.get(name)])).toEqual([]);
    expect(money.map(({ held }) => held)).toEqual([0, 0, 0, 0]);
    expect(money[1]?.spend).toBeCloseTo(slots * paidUsd, 6);
    expect(faultsOf(join(home.dir, "data"))).toEqual([]);
  },
  isLong ? 300_000 : 60_000,
);

interface Arrival {
  readonly target: string;
  readonly receivedAt: number;
}

function arrivals(requests: readonly Arrival[], prefix: string): number[] {
  return requests
    .filter(({ target }) => target.includes(`n=${prefix}`))
    .map(({ receivedAt }) => receivedAt)
    .toSorted((a, b) => a - b);
}

/** The most calls of the limited key in any 60 seconds. */
function mostWithinAMinute(requests: readonly Arrival[]): number {
  const at = arrivals(requests, "rate-");
  return Math.max(
    ...at.map((end, n) => at.filter((other, m) => m <= n && other > end - 60_000).length),
  );
}

/** The most calls of the limited key under way at once: `/slow` takes 150 ms, of which 130 are sure. */
function mostAtOnce(requests: readonly Arrival[]): number {
  const at = arrivals(requests, "parallel-");
  return Math.max(
    ...at.map((end, n) => at.filter((other, m) => m <= n && other > end - 130).length),
  );
}
