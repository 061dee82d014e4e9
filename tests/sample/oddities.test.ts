import { describe, expect, test } from "bun:test";
import { eventsOf, sample } from "./sample.ts";
import { peakBytes, sampleProcess } from "./sample-process.ts";

test.each([200, 201, 302, 404, 429, 500, 599])("/status/%d answers that status", async (status) => {
  using upstream = sample();

  const response = await fetch(`${upstream.url}/any/status/${status}`, { redirect: "manual" });

  expect(response.status).toBe(status);
  expect(response.headers.get("x-sample-upstream")).toBe("tollgate");
  expect(await response.json()).toEqual({ status });
});

test.each([204, 205, 304])("/status/%d has no body", async (status) => {
  using upstream = sample();

  const response = await fetch(`${upstream.url}/status/${status}`);

  expect(response.status).toBe(status);
  expect(await response.text()).toBe("");
});

test.each(["101", "199", "600", "999"])("/status/%s is refused", async (status) => {
  using upstream = sample();

  expect((await fetch(`${upstream.url}/status/${status}`)).status).toBe(400);
});

test.each(["/status/abc", "/delay/", "/bytes/-1", "/delay/1e3"])("%s is echoed", async (path) => {
  using upstream = sample();

  expect(await (await fetch(upstream.url + path)).json()).toMatchObject({ path });
});

test("/sse sends as many events as were asked for, with the pause asked for", async () => {
  using upstream = sample();
  const startedAt = performance.now();

  const events = await eventsOf(await fetch(`${upstream.url}/sse?events=4&interval_ms=30`));

  expect(events.map(({ data }) => data)).toEqual([1, 2, 3, 4].map((event) => ({ event, of: 4 })));
  expect(performance.now() - startedAt).toBeGreaterThanOrEqual(85);
});

test("/sse ends with its last event, not a pause later", async () => {
  using upstream = sample();

  const none = await fetch(`${upstream.url}/sse?events=0&interval_ms=60000`);
  const one = await fetch(`${upstream.url}/sse?events=1&interval_ms=60000`);

  expect(await eventsOf(none)).toHaveLength(0);
  expect(await eventsOf(one)).toHaveLength(1);
});

test("/sse without a pause sends all at once", async () => {
  using upstream = sample();

  const events = await eventsOf(await fetch(`${upstream.url}/sse?events=2000&interval_ms=0`));

  expect(events).toHaveLength(2000);
});

test("/delay answers after the time", async () => {
  using upstream = sample();
  const startedAt = performance.now();

  const response = await fetch(`${upstream.url}/delay/60`);

  expect(await response.json()).toEqual({ delayed_ms: 60 });
  expect(performance.now() - startedAt).toBeGreaterThanOrEqual(58);
});

test.each([0, 1, 65_536, 200_001])("/bytes/%d has that many bytes", async (count) => {
  using upstream = sample();

  const text = await (await fetch(`${upstream.url}/bytes/${count}`)).text();

  expect(text).toBe("0123456789abcdef".repeat(count / 16 + 1).slice(0, count));
});

describe.skipIf(process.platform !== "linux")("/bytes", () => {
  test("is made no faster than it is read", async () => {
    await using upstream = await sampleProcess();
    await (await fetch(`${upstream.url}/bytes/1000000`)).bytes();
    const before = peakBytes(upstream.pid);

    const response = await fetch(`${upstream.url}/bytes/2000000000`);
    const reader = response.body?.getReader();
    await reader?.read();
    await Bun.sleep(200);

    expect(peakBytes(upstream.pid) - before).toBeLessThan(16 * 1024 * 1024);
    await reader?.cancel();
  });
});
