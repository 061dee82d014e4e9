import { expect, test } from "bun:test";
import { config, masterKey } from "../gateway/wire.ts";
import { type Gateway, startGateway } from "../helpers/gateway.ts";
import { reply, startRawUpstream } from "../helpers/raw-upstream.ts";
import { freePort, until } from "../process/program.ts";
import { parseExposition } from "./exposition.ts";
import { scraped } from "./scrape.ts";

const metricsOn = (port: number, ...more: readonly string[]) =>
  config(
    ['id: sample, path: /s, target: "tollgate://sample", auth: false, cost_per_request: 0.5'],
    `metrics_listen: 127.0.0.1:${port}`,
    ...more,
  );

test("metrics_listen serves the metrics without a key, and nothing else", async () => {
  const port = freePort();
  await using gateway = await startGateway(metricsOn(port, `master_key: ${masterKey}`));
  const own = `http://127.0.0.1:${port}`;
  await (await fetch(`${gateway.url}/s`)).text();

  const answer = await fetch(`${own}/metrics?collect=all`);
  const admin = { authorization: `Bearer ${masterKey}` };
  const others = ["/", "/s", "/routes", "/key/list", "/health/liveness", "/metrics/", "/metrics/x"];
  const statuses = others.map(async (path) => (await fetch(own + path, { headers: admin })).status);

  expect([answer.status, answer.headers.get("content-type")]).toEqual([
    200,
    "text/plain; version=0.0.4; charset=utf-8",
  ]);
  expect(scraped(await answer.text()).sum("litellm_spend_metric_total")).toBe(0.5);
  expect(await Promise.all(statuses)).toEqual(others.map(() => 404));
  expect((await fetch(`${gateway.url}/metrics`)).status).toBe(401);
});

test("an address that is taken is an error that names the setting", async () => {
  using taken = Bun.listen({ hostname: "127.0.0.1", port: 0, socket: { data() {} } });

  await using gateway = await startGateway(metricsOn(taken.port), { waitFor: "exit" });

  expect(gateway.stderr()).toContain(
    `general_settings.metrics_listen: 127.0.0.1:${taken.port} cannot be listened on (it is taken). Choose another address.`,
  );
  expect(await gateway.exited).toBe(1);
});

test("an address that is not this machine's is an error that names the setting", async () => {
  const yaml = metricsOn(freePort()).replace("127.0.0.1:", "192.0.2.1:");

  await using gateway = await startGateway(yaml, { waitFor: "exit" });

  expect(gateway.stderr()).toContain("general_settings.metrics_listen: 192.0.2.1:");
  expect(await gateway.exited).toBe(1);
});

test("a successor takes the metrics over while they are read", async () => {
  const port = freePort();
  await using first = await startGateway(metricsOn(port));
  const before = await startOf(port);
  let refused = 0;
  let stop = false;
  const scraping = (async () => {
    while (!stop) {
      const text = await scrapeOnce(port).catch(() => null);
      if (text === null) refused += 1;
      else parseExposition(text);
      await Bun.sleep(5);
    }
  })();

  await using second = await successorOf(first);
  expect(await first.exited).toBe(0);
  await Bun.sleep(100);
  stop = true;
  await scraping;

  expect(refused).toBeLessThan(2); // one may be on its way to the first as that one goes
  expect(await startOf(port)).toBeGreaterThan(before);
  expect(second.port).toBe(first.port);
});

test("while its predecessor still has calls to end, each new collector gets the successor", async () => {
  using upstream = await startRawUpstream({
    scripts: { "/slow": [{ wait: 3_000 }, reply(200, [])] },
  });
  const port = freePort();
  const route = `path: /slow, target: "${upstream.url}/slow", auth: false`;
  await using first = await startGateway(config([route], `metrics_listen: 127.0.0.1:${port}`));
  const before = await startOf(port);
  const slow = fetch(`${first.url}/slow`);
  await upstream.waitFor(() => true);

  await using second = await successorOf(first);
  await first.waitForLine(({ event }) => event === "stopping");
  const started = new Set<number>();
  for (let i = 0; i < 20; i++) {
    started.add(await startOf(port));
  }
  const isDraining = !first.lines().some(({ event }) => event === "stopped");

  expect(isDraining).toBe(true);
  expect([...started]).toHaveLength(1);
  expect([...started][0]).toBeGreaterThan(before);
  expect(second.port).toBe(first.port);
  expect((await slow).status).toBe(200);
});

test("a gateway that stops gives the address back", async () => {
  const port = freePort();
  await using first = await startGateway(metricsOn(port));
  first.signal("SIGTERM");
  expect(await first.exited).toBe(0);

  await using second = await startGateway(metricsOn(port));

  await until(async () => (await fetch(`http://127.0.0.1:${port}/metrics`)).ok);
  expect(second.port).toBeGreaterThan(0);
});

/** On a connection of its own, as each new collector has. */
async function scrapeOnce(port: number): Promise<string> {
  const headers = { connection: "close" };
  return (await fetch(`http://127.0.0.1:${port}/metrics`, { headers, keepalive: false })).text();
}

function successorOf({ dir, port }: Gateway): Promise<Gateway> {
  const yaml = Bun.file(`${dir}/config.yaml`).text();
  return yaml.then((text) =>
    startGateway(text, { dir, args: ["--takeover", "--port", String(port)] }),
  );
}

/** When the process started that answers: its own clock tells one from another. */
async function startOf(port: number): Promise<number> {
  return scraped(await scrapeOnce(port)).sum("process_start_time_seconds");
}
