import { expect, test } from "bun:test";
import { Registry } from "prom-client";
import { KeptHistogram } from "../../src/metrics/kept-histogram.ts";
import { bucketsMs, Latencies } from "../../src/metrics/latencies.ts";
import { scraped } from "./scrape.ts";

test("a time falls into the first bucket whose end it does not pass", async () => {
  const latencies = new Latencies();
  for (const ms of [0, 1, 1.1, 2.5, 300_000, 300_001]) latencies.add(ms);
  const registry = new Registry();
  new KeptHistogram(registry, "seconds", "Seconds.", () => [["a", latencies]]);

  const { all, sum, families } = scraped(`${await registry.metrics()}\n`);

  const below = (le: string) => sum("seconds_bucket", { le, route: "a" });
  expect([below("0.001"), below("0.0025"), below("60"), below("300"), below("+Inf")]).toEqual([
    2, 4, 4, 5, 6,
  ]);
  expect(all("seconds_bucket")).toHaveLength(bucketsMs.length + 1);
  expect([sum("seconds_count"), families.get("seconds")?.type]).toEqual([6, "histogram"]);
  expect(sum("seconds_sum")).toBeCloseTo(600.0056, 9);
});

test("a route's line feeds, quotes and backslashes are escaped", async () => {
  const route = 'a"\n\\"} 1\nb';
  const latencies = new Latencies();
  latencies.add(1);
  const registry = new Registry();
  new KeptHistogram(registry, "seconds", "Seconds.", () => [[route, latencies]]);

  const { all, families } = scraped(`${await registry.metrics()}\n`);

  expect([...families.keys()]).toEqual(["seconds"]);
  expect(all("seconds_count")).toEqual([{ name: "seconds_count", labels: { route }, value: 1 }]);
});
