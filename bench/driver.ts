/**
 * The load driver for machines without wrk, a process of its own:
 * `bun bench/driver.ts PORT PATH KEYS_FILE CONNECTIONS SECONDS`; prints the line that `wrk.lua` prints.
 */
import { readFileSync } from "node:fs";
import { openConnection } from "./connection.ts";
import { requestBytes } from "./payloads.ts";
import { percentile } from "./stats.ts";

const [port = "", path = "", keysFile = "", connections = "1", seconds = "1"] =
  process.argv.slice(2);
const keys = readFileSync(keysFile, "utf8").trim().split("\n");
const requests = keys.map((key) => requestBytes(path, key));
let next = 0;
const startedAt = performance.now();
const until = startedAt + Number(seconds) * 1_000;
const latencies: number[] = [];
let errors = 0;

await Promise.all(Array.from({ length: Number(connections) }, drive));
const result = {
  requests: latencies.length,
  seconds: (performance.now() - startedAt) / 1_000,
  errors,
  p50Ms: percentile(latencies, 50),
  p99Ms: percentile(latencies, 99),
};
console.log(`BENCH ${JSON.stringify(result)}`);
process.exit(0);

async function drive(): Promise<void> {
  const connection = await openConnection(Number(port));
  while (performance.now() < until) {
    const request = requests[next++ % requests.length] ?? new Uint8Array();
    const sentAt = performance.now();
    try {
      const { status } = await connection.exchange(request);
      if (status !== 200) errors++;
    } catch {
      errors++;
      return; // a connection that broke stays broken: the figure must show it
    }
    latencies.push(performance.now() - sentAt);
  }
  connection.close();
}
