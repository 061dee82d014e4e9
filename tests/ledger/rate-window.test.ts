import { expect, test } from "bun:test";
import { RateWindow } from "../../src/ledger/rate-window.ts";
import { between, seeded } from "./parts.ts";

/** Two ticks a second. */
const minute = 120;

/** The oldest tick that still counts lies so far back: 60.5 s, so that 60 s hold whatever the ticks' edges are. */
const reach = 121;

/** How far apart calls come. */
const schedules: Readonly<Record<string, (random: () => number) => number>> = {
  "all at once": () => 0,
  "at every tick": () => 1,
  "at random": (random) => between(random, 0, 5),
  "in bursts": (random) => (random() < 0.97 ? 0 : between(random, 30, 130)),
  "around the window's edge": (random) => (random() < 0.8 ? 0 : between(random, 118, 124)),
  "with gaps of hours": (random) => (random() < 0.95 ? between(random, 0, 2) : 7_200 * 3),
};

test.each(Object.keys(schedules))("never more than the limit in any 60 s: calls %s", (name) => {
  for (let seed = 1; seed <= 5; seed++) {
    const random = seeded(seed);
    const limit = between(random, 1, 60);
    const window = new RateWindow(1_000);
    const taken: number[] = [];
    let now = 1_000;
    for (let call = 0; call < 2_000; call++) {
      now += schedules[name]?.(random) ?? 0;
      if (window.used(now) >= limit) continue;
      window.take(now, 1);
      taken.push(now);
    }

    const most = Math.max(...taken.map((at, i) => inReach(taken, i, at)));
    expect(most).toBeLessThanOrEqual(limit);
    expect(taken.length).toBeGreaterThanOrEqual(limit);
  }
});

/** How many were taken from `at` on, as long as it counts; brute force. */
function inReach(taken: readonly number[], from: number, at: number): number {
  let count = 0;
  for (let i = from; i < taken.length && (taken[i] ?? 0) <= at + reach; i++) count += 1;
  return count;
}

test("the sum is always that of the last 60 s, whatever is taken, corrected and waited for", () => {
  const random = seeded(7);
  const window = new RateWindow(0);
  const counts = new Map<number, number>();
  let now = 0;
  for (let step = 0; step < 20_000; step++) {
    now += random() < 0.9 ? between(random, 0, 3) : between(random, 100, 400);
    if (random() < 0.7) {
      const count = between(random, 0, 50);
      window.take(now, count);
      counts.set(now, (counts.get(now) ?? 0) + count);
    } else {
      const tick = now - between(random, 0, 200);
      const by = between(random, -60, 60);
      window.used(now);
      window.correct(tick, by);
      if (tick >= now - reach) counts.set(tick, Math.max(0, (counts.get(tick) ?? 0) + by));
    }
    const expected = [...counts].reduce((sum, [at, n]) => (at >= now - reach ? sum + n : sum), 0);
    if (window.used(now) !== expected) throw new Error(`step ${step}: ${window.used(now)}`);
    for (const tick of counts.keys()) if (tick < now - reach) counts.delete(tick);
  }
  expect(window.counts()).toEqual(
    [...counts].filter(([, count]) => count > 0).sort(([a], [b]) => a - b),
  );
});

test("a call counts for 60 s at least and 61 s at most", () => {
  const window = new RateWindow(50);
  window.take(50, 1);

  expect(window.used(50 + minute)).toBe(1);
  expect(window.used(50 + minute + 1)).toBe(1);
  expect(window.used(50 + minute + 2)).toBe(0);
});

test("what was taken is forgotten after hours of silence, and counting goes on", () => {
  const window = new RateWindow(0);
  for (let tick = 0; tick < 200; tick++) window.take(tick, 3);

  expect(window.used(1_000_000)).toBe(0);
  window.take(1_000_000, 2);
  expect(window.used(1_000_000)).toBe(2);
  expect(window.counts()).toEqual([[1_000_000, 2]]);
});

test("freeIn names the second in which the place is free, and none before", () => {
  const random = seeded(11);
  for (let round = 0; round < 300; round++) {
    const limit = between(random, 1, 20);
    const build = () => new RateWindow(0);
    const steps: (readonly [number, number])[] = [];
    let now = 0;
    let sum = 0;
    while (sum < limit) {
      now += between(random, 0, 20);
      const count = between(random, 1, 3);
      steps.push([now, count]);
      const window = build();
      for (const [tick, n] of steps) window.take(tick, n);
      sum = window.used(now);
    }
    now += between(random, 0, 5);
    const needed = between(random, 1, limit);
    const at = (tick: number) => {
      const window = build();
      for (const [taken, count] of steps) window.take(taken, count);
      return window.used(tick);
    };
    const window = build();
    for (const [tick, count] of steps) window.take(tick, count);
    const seconds = window.freeIn(now, limit, needed) ?? Number.NaN;
    const free = now + seconds * 2;

    expect(at(free) + needed).toBeLessThanOrEqual(limit);
    if (seconds > 1) expect(at(free - 2) + needed).toBeGreaterThan(limit);
    expect(seconds).toBeLessThanOrEqual(61);
  }
});

test("freeIn is to the tick: not free one before, free then", () => {
  const window = new RateWindow(10);
  window.take(10, 5);

  expect(window.freeIn(10, 5, 1)).toBe(61);
  expect(window.freeIn(10 + reach - 1, 5, 1)).toBe(1);
  expect(window.used(10 + reach)).toBe(5);
  expect(window.used(10 + reach + 1)).toBe(0);
});

test("freeIn is null for what never fits, and a second where there is room", () => {
  const window = new RateWindow(0);

  expect(window.freeIn(0, 5, 6)).toBeNull();
  expect(window.freeIn(0, 0, 1)).toBeNull();
  expect(window.freeIn(0, 5, 5)).toBe(1);
});

test("a correction that comes after its tick left the window changes nothing", () => {
  const window = new RateWindow(0);
  window.take(0, 5);
  window.take(reach + 1, 1); // in the bucket that tick 0 had

  window.correct(0, -5);

  expect(window.used(reach + 1)).toBe(1);
});

test("a correction of a tick that is not there yet changes nothing", () => {
  const window = new RateWindow(0);

  window.correct(1, 4);

  expect(window.used(1)).toBe(0);
});

test("no correction makes a tick owe anything", () => {
  const window = new RateWindow(0);
  window.take(0, 2);
  window.take(1, 2);

  window.correct(0, -10);

  expect(window.used(1)).toBe(2);
});

test("what was taken by another clock is counted, a tick ahead or below zero", () => {
  const window = new RateWindow(3);

  window.put(5, 6, 2);
  window.put(5, -100, 3);
  window.put(9, 8, 1);

  expect(window.used(9)).toBe(6);
  expect(window.counts()).toEqual([
    [-100, 3],
    [5, 2],
    [8, 1],
  ]);
  expect(window.used(-100 + reach + 1)).toBe(3);
});
