import { openConnection } from "../connection.ts";
import { requestBytes } from "../payloads.ts";
import { memory, resetPeak } from "../proc.ts";
import { afresh, type Profile } from "../profile.ts";
import { warmUp } from "./warm-up.ts";

const growth = "RSS growth";
const quietMs = 2_000;
const limitMs = 20_000;

/** A client that stops reading: the relay must stop too, not fill its memory. */
export const stoppedReader: Profile = {
  name: "stopped-reader",
  about: "a 2 GB reply whose reader stops at the first byte, in fresh processes",
  bars: [{ figure: growth, atMost: 16, of: "value" }],
  async run(bench) {
    await afresh(bench, "stopped-reader", async (contender, upstream) => {
      await warmUp(contender);
      const before = memory(contender.pid).now;
      resetPeak(contender.pid);
      const connection = await openConnection(contender.port);
      const paused = Promise.withResolvers<void>();
      const body = () => {
        connection.pause();
        paused.resolve();
      };
      connection.exchange(requestBytes("/pt/huge"), { body }).catch(paused.reject);
      await paused.promise;
      const given = await settled(upstream.port);
      const { name, pid } = contender;
      bench.figures.add(name, growth, "MB", (memory(pid).peak - before) / 1e6);
      bench.figures.add(name, "upstream gave", "MB", given / 1e6);
      connection.close();
      await Bun.sleep(300);
    });
  },
};

/** Bytes that the upstream gave away, once it gives no more. */
async function settled(port: number): Promise<number> {
  const until = performance.now() + limitMs;
  let given = -1;
  let since = performance.now();
  while (performance.now() < until && performance.now() - since < quietMs) {
    await Bun.sleep(100);
    const reply = await fetch(`http://127.0.0.1:${port}/counters`);
    const { hugeBytesGiven: now } = JSON.parse(await reply.text());
    if (now !== given) since = performance.now();
    given = now;
  }
  return given;
}
