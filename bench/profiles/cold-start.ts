import { openConnection } from "../connection.ts";
import { freePort, type Running, spawn } from "../processes.ts";
import type { Bench, Profile } from "../profile.ts";
import { type Subject, startUpstream } from "../subjects.ts";

const firstAnswer = "first 200";
const request = Buffer.from("GET /health/liveliness HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n");

/**
 * From the spawn to the first 200, asked every millisecond; files are in the page cache (one start goes
 * uncounted). The relays answer through the upstream: their figure is what the runtime alone needs.
 */
export const coldStart: Profile = {
  name: "cold-start",
  about: "spawn → first 200 on /health/liveliness",
  bars: [{ figure: firstAnswer, atMost: 60, of: "value", binaryOnly: true }],
  async run(bench) {
    await using upstream = await startUpstream();
    const failed = new Set<string>();
    const starts = bench.options.quick ? 5 : 10;
    for (let round = 0; round <= starts; round++) {
      for (const subject of bench.subjects) {
        if (failed.has(subject.name)) continue;
        bench.progress(`cold-start ${round}/${starts}: ${subject.name}`);
        try {
          const ms = await startOnce(bench, subject, upstream);
          if (round > 0) bench.figures.add(subject.name, firstAnswer, "ms", ms);
        } catch (error) {
          failed.add(subject.name);
          bench.fault(subject.name, error);
        }
      }
    }
  },
};

async function startOnce(bench: Bench, subject: Subject, upstream: Running): Promise<number> {
  const port = freePort();
  const command = subject.command(upstream.port, port);
  const startedAt = performance.now();
  await using process = spawn(command);
  while (!(await answers(port))) {
    if (!process.mayStart()) throw process.startFault();
    await Bun.sleep(1);
  }
  return performance.now() - startedAt;
}

async function answers(port: number): Promise<boolean> {
  try {
    const connection = await openConnection(port);
    const { status } = await connection.exchange(request);
    connection.close();
    return status === 200;
  } catch {
    return false;
  }
}
