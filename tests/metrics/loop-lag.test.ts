import { expect, test } from "bun:test";
import { watchLoopLag } from "../../src/metrics/loop-lag.ts";

test("a loop that was held is as late as it was held, once", async () => {
  const lag = watchLoopLag();
  await Bun.sleep(100);
  lag.take();

  block(200);
  await Bun.sleep(100);
  const held = lag.take();
  const next = lag.take();

  expect(held.max).toBeWithin(0.15, 1);
  expect(held.p99).toBeGreaterThan(0.15);
  expect(held.p99).toBeLessThanOrEqual(held.max);
  expect(held.mean).toBeWithin(0.001, held.max);
  expect(next).toEqual({ max: 0, p99: 0, mean: 0 });
});

test("a loop that is idle is hardly late: the watcher's own pace is not in it", async () => {
  const lag = watchLoopLag();

  await Bun.sleep(500);

  expect(lag.take().mean).toBeLessThan(0.015);
});

function block(ms: number): void {
  const end = performance.now() + ms;
  while (performance.now() < end);
}
