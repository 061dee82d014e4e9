import { type Connection, openConnection } from "../connection.ts";
import { requestBytes } from "../payloads.ts";
import { type Bench, type Contender, inTurn, type Profile, startField } from "../profile.ts";
import { percentile } from "../stats.ts";
import type { SubjectName } from "../subjects.ts";

const added = "added p50";
const block = 25;
const request = requestBytes("/pt/sse?events=2&ms=3");

/**
 * How much later than without a relay the first byte of an event stream arrives: one request at a time,
 * 25 directly, 25 relayed, and so on, so that both see the same moments of the machine.
 */
export const sseFirstByte: Profile = {
  name: "sse-first-byte",
  about: "first body byte of an event stream over a kept connection; added = p50 − p50 directly",
  bars: [{ figure: added, atMost: 0.3, of: "value" }],
  async run(bench) {
    await using field = await startField(bench);
    const samples = bench.options.quick ? 200 : 500;
    const { upstream } = field;
    for (const each of field.contenders) await byTurns(upstream, each, samples).catch(() => {}); // the rounds tell of a fault
    await inTurn(bench, field.contenders, "sse-first-byte", async (contender) => {
      const times = await byTurns(upstream, contender, samples);
      const { name } = contender;
      if (name === "bare") record(bench, "direct", times.direct);
      record(bench, name, times.relayed);
      const difference = percentile(times.relayed, 50) - percentile(times.direct, 50);
      bench.figures.add(name, added, "ms", difference);
    });
  },
};

function record(bench: Bench, name: SubjectName, times: readonly number[]): void {
  bench.figures.add(name, "p50", "ms", percentile(times, 50));
  bench.figures.add(name, "p99", "ms", percentile(times, 99));
}

async function byTurns(upstream: Contender, contender: Contender, samples: number) {
  const direct = await openConnection(upstream.port);
  const relayed = await openConnection(contender.port);
  const times = { direct: new Array<number>(), relayed: new Array<number>() };
  for (let sample = 0; sample < samples; sample += block) {
    for (let each = 0; each < block; each++) times.direct.push(await firstByte(direct));
    for (let each = 0; each < block; each++) times.relayed.push(await firstByte(relayed));
  }
  direct.close();
  relayed.close();
  return times;
}

async function firstByte(connection: Connection): Promise<number> {
  let firstAt = 0;
  const sentAt = performance.now();
  const { status } = await connection.exchange(request, {
    body: () => void (firstAt ||= performance.now()),
  });
  if (status !== 200) throw new Error(`answered ${status}`);
  return firstAt - sentAt;
}
