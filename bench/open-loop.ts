/**
 * Sends at fixed times, whatever comes back, and measures from the time at which a request was due: a stall delays
 * everybody behind it, and the figure says so. `bun bench/open-loop.ts PORT PATH KEYS_FILE CONNECTIONS SECONDS RATE
 * [BODY_BYTES]`; prints the line that `wrk.lua` prints. It never sleeps: timers of a millisecond would be most of what it measures.
 */
import { readFileSync } from "node:fs";
import { type Connection, openConnection } from "./connection.ts";
import { longRequest, requestBody, requestBytes } from "./payloads.ts";
import { percentile } from "./stats.ts";

const [port = "", path = "", keysFile = "", ...sizes] = process.argv.slice(2);
const [connections = 1, seconds = 1, rate = 1, bodyBytes = 0] = sizes.map(Number);
const keys = readFileSync(keysFile, "utf8").trim().split("\n");
const body = bodyBytes > 0 ? longRequest(bodyBytes) : requestBody;
const requests = keys.map((key) => requestBytes(path, key, body));
const free = await Promise.all(
  Array.from({ length: connections }, () => openConnection(Number(port))),
);
const nothing = new Uint8Array();
const wanted = seconds * rate;
const stepMs = 1_000 / rate;
const latencies: number[] = [];
let errors = 0;
let due = 0;

const startedAt = performance.now();
const limitAt = startedAt + seconds * 1_000 + 10_000;
while (latencies.length + errors < wanted && performance.now() < limitAt) {
  sendDue();
  await new Promise((resolve) => setImmediate(resolve));
}
const result = {
  requests: latencies.length,
  seconds: (performance.now() - startedAt) / 1_000,
  errors: wanted - latencies.length,
  p50Ms: percentile(latencies, 50),
  p99Ms: percentile(latencies, 99),
};
console.log(`BENCH ${JSON.stringify(result)}`);
process.exit(0);

/** One that finds no free connection stays due. */
function sendDue(): void {
  const now = performance.now();
  for (; due < wanted && startedAt + due * stepMs <= now; due++) {
    const connection = free.pop();
    if (connection === undefined) return;
    void exchange(connection, due);
  }
}

async function exchange(connection: Connection, index: number): Promise<void> {
  try {
    const { status } = await connection.exchange(requests[index % requests.length] ?? nothing);
    if (status === 200) latencies.push(performance.now() - startedAt - index * stepMs);
    else errors++;
    free.push(connection);
  } catch {
    errors++; // a connection that broke stays broken: the figure must show it
  }
}
