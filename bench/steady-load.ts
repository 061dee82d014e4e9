import { type Connection, openConnection } from "./connection.ts";
import { requestBytes } from "./payloads.ts";
import type { Contender } from "./profile.ts";

/** A load that goes on until it is stopped. */
export interface SteadyLoad {
  /** Throws where a call failed. */
  stop(): Promise<void>;
}

const stepMs = 10;
const connections = 32;

/**
 * Sends at a moderate rate from this process, a few each ten milliseconds: what is measured is the gateway's own event
 * loop, and a driver that never sleeps would take a core from it.
 */
export async function startSteadyLoad(
  { port, key }: Contender,
  path: string,
  rate: number,
): Promise<SteadyLoad> {
  const request = requestBytes(path, key);
  const all = await Promise.all(Array.from({ length: connections }, () => openConnection(port)));
  const free = [...all];
  let failed = 0;
  let lastFault = "";
  const fail = (fault: string) => {
    failed += 1;
    lastFault = fault;
  };
  const send = async (connection: Connection) => {
    try {
      const { status } = await connection.exchange(request);
      if (status !== 200) fail(`status ${status}`);
      free.push(connection);
    } catch (error) {
      fail(String(error)); // a connection that broke stays broken
    }
  };
  const startedAt = performance.now();
  let sent = 0;
  const timer = setInterval(() => {
    const due = ((performance.now() - startedAt) * rate) / 1_000;
    for (; sent < due; sent++) {
      const connection = free.shift(); // in turn: one that lies idle is closed
      if (connection === undefined) return;
      void send(connection);
    }
  }, stepMs);
  return {
    async stop() {
      clearInterval(timer);
      for (let waited = 0; free.length + failed < all.length && waited < 100; waited++) {
        await Bun.sleep(20);
      }
      for (const connection of all) connection.close();
      if (failed > 0) throw new Error(`${failed} of ${sent} calls failed: ${lastFault}`);
    },
  };
}
