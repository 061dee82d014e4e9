import { runOpenLoop } from "../load.ts";
import { droppedBodies, takeLag } from "../metrics.ts";
import { chatPath } from "../payloads.ts";
import { attemptAll, type Contender, inTurn, type Profile, startField } from "../profile.ts";

const bodyBytes = 1_000_000;
const rate = 500;
const connections = 64;

/**
 * Large requests at a fixed rate, their bodies logged: half a gigabyte a second. On a machine where the bare relay does
 * not keep the rate, the times say nothing, and `answered/s` tells so.
 */
export const loopLagLarge: Profile = {
  name: "loop-lag-1mb",
  about: `POST of 1 MB JSON at ${rate}/s, sent on time whatever comes back, bodies logged`,
  bars: [
    { subject: "logged", figure: "lag p99", atMost: 20, of: "value" },
    { subject: "logged", figure: "p99", atMost: 20, of: "value" },
  ],
  subjects: ["bare", "metered", "logged"],
  async run(bench) {
    await using field = await startField(bench);
    const { warmUpSeconds, seconds } = bench.options;
    const drive = ({ port, keysFile }: Contender, forSeconds: number) => {
      const order = { port, path: chatPath, keysFile, connections, seconds: forSeconds };
      return runOpenLoop(order, rate, bodyBytes);
    };
    const warm = async (each: Contender) => void (await drive(each, warmUpSeconds));
    await attemptAll(bench, field.contenders, warm);
    await inTurn(bench, field.contenders, "loop-lag-1mb", async (contender) => {
      const { name, port } = contender;
      const add = bench.figures.add.bind(bench.figures, name);
      if (name !== "bare") await takeLag(port);
      const { requests, seconds: took, p50Ms, p99Ms } = await drive(contender, seconds);
      if (requests === 0) throw new Error("no request was answered");
      add("answered/s", "", requests / took);
      add("p50", "ms", p50Ms);
      add("p99", "ms", p99Ms);
      if (name === "bare") return;
      const lag = await takeLag(port);
      add("lag p99", "ms", lag.p99);
      add("lag max", "ms", lag.max);
      if (name === "logged") add("bodies dropped or cut so far", "", await droppedBodies(port));
    });
  },
};
