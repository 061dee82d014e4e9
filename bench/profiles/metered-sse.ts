import { openConnection } from "../connection.ts";
import type { Bar } from "../figures.ts";
import { checkLedger } from "../ledger-check.ts";
import { droppedBodies } from "../metrics.ts";
import { chatPath, meteredNanoUsd, requestBytes } from "../payloads.ts";
import { cpuMicros, settled } from "../proc.ts";
import { attemptAll, type Contender, inTurn, type Profile, startField } from "../profile.ts";

const cpu = "CPU/1,000 events";
const events = 1_000;

interface SseOrder {
  readonly name: string;
  readonly about: string;
  readonly query: string;
  readonly streams: number;
  readonly bars: readonly Bar[];
}

/** As models speak: nearly every event comes alone. */
export const meteredSse: Profile = sseProfile({
  name: "metered-sse",
  about: "100 chat streams at once, one event of about 130 bytes every 5 ms each",
  query: "ms=5&",
  streams: 100,
  bars: [
    { subject: "metered", figure: cpu, atMost: 1.15, of: "ratio" },
    { subject: "logged", figure: cpu, atMost: 1.3, of: "ratio" },
  ],
});

/** As a cache speaks: what is done for each byte is most of it. */
export const meteredSseBurst: Profile = sseProfile({
  name: "metered-sse-burst",
  about: "8 chat streams at once, as fast as they are taken, 500 events of about 130 bytes a piece",
  query: "",
  streams: 8,
  bars: [],
});

/** Whole streams of 1,000 events, the last of which tells of usage, over kept connections. */
function sseProfile({ name, about, query, streams, bars }: SseOrder): Profile {
  const flow = async ({ port, pid, key }: Contender, seconds: number) => {
    const request = requestBytes(`${chatPath}?${query}events=${events}`, key);
    const before = cpuMicros(pid);
    const until = performance.now() + seconds * 1_000;
    let flowed = 0;
    const drive = async () => {
      const connection = await openConnection(port);
      do {
        await wholeStream(() => connection.exchange(request, watch));
        flowed += 1;
      } while (performance.now() < until);
      connection.close();
    };
    const watch = { keep: true };
    await Promise.all(Array.from({ length: streams }, drive));
    await settled(pid);
    return { flowed, spent: cpuMicros(pid) - before };
  };
  return {
    name,
    about,
    bars,
    subjects: ["bare", "unmetered", "metered", "logged"],
    async run(bench) {
      await using field = await startField(bench);
      const calls = new Map<string, number>();
      const drive = async (contender: Contender, seconds: number) => {
        const run = await flow(contender, seconds);
        calls.set(contender.name, (calls.get(contender.name) ?? 0) + run.flowed);
        return run;
      };
      const { warmUpSeconds, seconds } = bench.options;
      for (const each of field.contenders) await drive(each, warmUpSeconds).catch(() => {});
      await inTurn(bench, field.contenders, name, async (contender) => {
        const { flowed, spent } = await drive(contender, seconds);
        bench.figures.add(contender.name, cpu, "µs", spent / flowed);
        bench.figures.add(contender.name, "streams", "", flowed);
      });
      await attemptAll(bench, field.contenders, async (contender) => {
        const counted = calls.get(contender.name) ?? 0;
        if (contender.name === "bare") return;
        const costNanoUsd = contender.name === "unmetered" ? null : meteredNanoUsd;
        await checkLedger(bench, contender, { counted, cutOff: 0, costNanoUsd });
        if (contender.name !== "logged") return;
        const dropped = await droppedBodies(contender.port);
        bench.figures.add(contender.name, "bodies dropped/stream", "", dropped / counted);
      });
    },
  };
}

/** Every event came, and the stream's end. */
async function wholeStream(exchange: () => Promise<{ status: number; body: string }>) {
  const { status, body } = await exchange();
  const ended = body.split("\n\n").length - 1;
  if (status === 200 && ended === events + 2 && body.endsWith("data: [DONE]\n\n")) return;
  throw new Error(`answered ${status} and ${ended} of ${events + 2} events`);
}
