import { openConnection } from "../connection.ts";
import { requestBytes } from "../payloads.ts";
import { type Contender, inTurn, type Profile, startField } from "../profile.ts";
import { percentile } from "../stats.ts";

/**
 * How much later each event of a flowing stream arrives. Events carry the upstream's clock; what its
 * clock is off by is in the direct figure too and drops out of `added`.
 */
export const sseGap: Profile = {
  name: "sse-gap",
  about: "delay of each event of one stream, one event every 5 ms, against the upstream directly",
  bars: [],
  async run(bench) {
    await using field = await startField(bench);
    const all = [field.upstream, ...field.contenders];
    const events = bench.options.seconds * 200;
    for (const each of all) await delays(each, 200).catch(() => {});
    const direct = { p50: NaN, p99: NaN };
    await inTurn(bench, all, "sse-gap", async ({ name, ...contender }) => {
      const times = await delays({ name, ...contender }, events);
      const p50 = percentile(times, 50);
      const p99 = percentile(times, 99);
      if (name === "direct") Object.assign(direct, { p50, p99 });
      else {
        bench.figures.add(name, "added p50", "ms", p50 - direct.p50);
        bench.figures.add(name, "added p99", "ms", p99 - direct.p99);
      }
    });
  },
};

async function delays({ port }: Contender, events: number): Promise<number[]> {
  const connection = await openConnection(port);
  const times: number[] = [];
  let text = "";
  const { status } = await connection.exchange(requestBytes(`/pt/sse?events=${events}&ms=5`), {
    body(bytes) {
      const now = performance.timeOrigin + performance.now();
      text += new TextDecoder().decode(bytes);
      const ends = text.lastIndexOf("\n\n") + 2;
      for (const [, sentAt] of text.slice(0, ends).matchAll(/"sentAt":([\d.]+)/g)) {
        times.push(now - Number(sentAt));
      }
      text = text.slice(ends);
    },
  });
  connection.close();
  if (status !== 200 || times.length !== events) {
    throw new Error(`answered ${status} and ${times.length} of ${events} events`);
  }
  return times;
}
