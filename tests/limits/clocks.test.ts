import { expect, test } from "bun:test";
import { startGateway } from "../helpers/gateway.ts";
import { keyInfo, type MadeKey, makeKey, spendLogs } from "../helpers/keys.ts";
import type { Step } from "../helpers/raw-upstream.ts";
import { until } from "../process/program.ts";
import { answerOf, call, dial, tally, times } from "./crowd.ts";
import { canFakeClocks, fakeClock } from "./fake-clock.ts";
import { getWith, startHouse, yamlOf } from "./house.ts";

const hour = 3_600;
const day = 24 * hour;

const routes = [
  'path: /u, target: "UP/u", auth: true, cost_per_request: 0.01',
  'path: /one, target: "UP/one", auth: true, rpm_limit: 1',
  'path: /held, target: "UP/held", auth: true, cost_per_request: 0.01',
  'path: /late, target: "UP/late", auth: true, timeout: 0.5',
];

/** `/held` takes its time, `/late` never ends. */
function holding() {
  const ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}";
  const waiting: Step[] = [{ write: "HTTP/1.1 200 OK\r\n" }, { end: "hang" }];
  const answer = (): Step[] => [{ wait: 300 }, { write: ok }];
  return { scripts: { "/held": answer, "/late": waiting } };
}

/** Midday, so that an hour back is the same day. */
const midday = () =>
  Math.round(
    (Math.floor(Date.now() / 86_400_000) * 86_400_000 + 12 * 3_600_000 - Date.now()) / 1000,
  );

test.skipIf(!canFakeClocks)(
  "a day goes by with 100 calls in flight: one new period, holds intact; an hour back it does not come twice",
  async () => {
    using clock = fakeClock("wall");
    const noon = midday();
    clock.set(noon);
    await using house = await startHouse(routes, {
      upstream: holding(),
      gateway: { env: clock.env },
    });
    const { gateway, port, upstream } = house;
    const key = await makeKey(gateway, { max_budget: 2, budget_duration: "1d" });
    const standing = async () => {
      const { spend, held } = await keyInfo(gateway, key.id);
      return { spend, held };
    };

    expect(tally(await times(port, 50, getWith(key, "/u")))).toEqual({ "200": 50 });
    expect(await standing()).toEqual({ spend: 0.5, held: 0 });

    const inFlight = times(port, 100, getWith(key, "/held"));
    await until(() => house.hits("/held") === 100);
    expect(await standing()).toEqual({ spend: 0.5, held: 1 });
    clock.set(noon + day);
    expect(await standing()).toEqual({ spend: 0, held: 1 });
    clock.set(noon - hour);
    expect(await standing()).toEqual({ spend: 0, held: 1 });
    expect(tally(await inFlight)).toEqual({ "200": 100 });
    expect(await standing()).toEqual({ spend: 1, held: 0 });

    const rest = await times(port, 150, getWith(key, "/u"));
    expect(tally(rest)).toEqual({ "200": 100, "429 budget_exceeded": 50 });
    const refused = rest.find(({ status }) => status === 429);
    const begins = new Date((Math.floor((Date.now() + noon * 1000) / 86_400_000) + 2) * 86_400_000);
    expect(refused?.message).toContain(`It begins anew at ${begins.toISOString()}.`);
    expect(Math.abs(Number(refused?.headers["retry-after"]) - (12 + 1 + 24) * hour)).toBeLessThan(
      60,
    );

    gateway.signal("SIGTERM");
    await gateway.exited;
    const again = { dir: gateway.dir, env: clock.env, args: ["--port", String(port)] };
    await using second = await startGateway(yamlOf(routes, upstream), again);
    for (const offset of [noon - hour, noon + day, noon, noon + day + 11 * hour]) {
      clock.set(offset);
      expect(await standing()).toEqual({ spend: 2, held: 0 });
      expect((await call(port, getWith(key, "/u"))).type).toBe("budget_exceeded");
    }
    clock.set(noon + 2 * day);
    expect(await standing()).toEqual({ spend: 0, held: 0 });
    expect((await call(port, getWith(key, "/u"))).status).toBe(200);
    expect(await standing()).toEqual({ spend: 0.01, held: 0 });
    const rows = await spendLogs(second, { api_key: key.id });
    expect(rows.filter(({ spend }) => spend === 0.01).length).toBe(251);
    expect(rows.filter(({ request_duration_ms: ms }) => ms < 0 || ms > 10_000)).toEqual([]);
  },
  20_000,
);

test.skipIf(!canFakeClocks)(
  "a clock that jumps changes nothing about rates, and cuts no call short",
  async () => {
    using clock = fakeClock("wall");
    await using house = await startHouse(routes, {
      upstream: holding(),
      gateway: { env: clock.env },
    });
    const { gateway, port } = house;
    const key = await makeKey(gateway, { rpm_limit: 5 });
    const other = await makeKey(gateway);
    expect(tally(await times(port, 9, getWith(key, "/u")))).toEqual({
      "200": 5,
      "429 rate_limited": 4,
    });

    for (const offset of [day, -hour, -day]) {
      const inFlight = times(port, 5, getWith(other, "/held"));
      const sentAt = performance.now();
      const late = call(port, getWith(other, "/late"));
      await Bun.sleep(50);
      clock.set(offset);

      const refused = await call(port, getWith(key, "/u"));
      expect(refused.type).toBe("rate_limited");
      expect(Number(refused.headers["retry-after"])).toBeGreaterThan(45);
      expect(Number(refused.headers["retry-after"])).toBeLessThanOrEqual(61);
      expect(tally(await inFlight)).toEqual({ "200": 5 });
      expect((await late).type).toBe("upstream_timeout");
      expect(performance.now() - sentAt).toBeGreaterThan(450);
    }

    const rows = await spendLogs(gateway);
    expect(rows.length).toBeGreaterThan(25);
    expect(rows.filter(({ request_duration_ms: ms }) => ms < 0 || ms > 10_000)).toEqual([]);
  },
  20_000,
);

test.skipIf(!canFakeClocks)(
  "retry-after is true: two seconds before it a call is refused, and when it is over one passes",
  async () => {
    using clock = fakeClock("all");
    await using house = await startHouse(routes, { gateway: { env: clock.env } });
    const { gateway, port } = house;
    const key = await makeKey(gateway, { rpm_limit: 3 });

    const answers = await times(port, 8, getWith(key, "/u"));
    const startedAt = performance.now();
    const seconds = Number(answers.find(({ status }) => status === 429)?.headers["retry-after"]);
    clock.set(seconds - 2);
    const early = await call(port, getWith(key, "/u"));
    clock.set(seconds);
    const due = await times(port, 5, getWith(key, "/u"));

    expect(performance.now() - startedAt).toBeLessThan(1_000);
    expect(early.type).toBe("rate_limited");
    expect(Number(early.headers["retry-after"])).toBeLessThanOrEqual(2);
    expect(tally(due)).toEqual({ "200": 3, "429 rate_limited": 2 });
  },
  20_000,
);

test.skipIf(!canFakeClocks)(
  "retry-after is true where two limits are in the way: the one that stands longer tells",
  async () => {
    using clock = fakeClock("all");
    await using house = await startHouse(routes, { gateway: { env: clock.env } });
    const { gateway, port } = house;
    const key = await makeKey(gateway, { rpm_limit: 1 });
    const other = await makeKey(gateway);

    expect((await call(port, getWith(key, "/u"))).status).toBe(200);
    clock.set(30);
    expect((await call(port, getWith(other, "/one"))).status).toBe(200);
    const refused = await call(port, getWith(key, "/one"));
    const seconds = Number(refused.headers["retry-after"]);
    clock.set(30 + seconds);

    expect([60, 61]).toContain(seconds);
    expect(refused.message).toContain("The limit of the route");
    expect((await call(port, getWith(key, "/one"))).status).toBe(200);
  },
  20_000,
);

test.skipIf(!canFakeClocks)(
  "a slow upload counts in the minute in which it is sent, not in the one in which it began",
  async () => {
    using clock = fakeClock("all");
    await using house = await startHouse(routes, { gateway: { env: clock.env } });
    const { gateway, port } = house;
    const key = await makeKey(gateway, { rpm_limit: 2 });
    const [first, second] = halves(key, "x".repeat(2_000));

    const slow = await dial(port);
    const answer = answerOf(slow);
    slow.write(first);
    await Bun.sleep(100);
    clock.set(62);
    expect(tally(await times(port, 3, getWith(key, "/u")))).toEqual({
      "200": 2,
      "429 rate_limited": 1,
    });
    slow.write(second);
    const { type } = await answer;
    slow.destroy();

    expect([type, house.hits()]).toEqual(["rate_limited", 2]);
  },
  20_000,
);

/** A POST in two pieces: its head with half of the body, and the rest. */
function halves({ key }: MadeKey, body: string): readonly [string, string] {
  const half = body.length / 2;
  const head = `POST /u HTTP/1.1\r\nHost: localhost\r\nx-api-key: ${key}\r\nContent-Length: ${body.length}\r\n\r\n`;
  return [head + body.slice(0, half), body.slice(half)];
}
