import { openConnection } from "../connection.ts";
import { chatEnd, chatEvent, chatPath, requestBytes } from "../payloads.ts";
import { cpuMicros, memory, resetPeak } from "../proc.ts";
import { afresh, type Bench, type Contender, type Profile } from "../profile.ts";
import { warmUp } from "./warm-up.ts";

const streams = 16;
const growth = "RSS growth";
/** Of pieces of 500 events, whole ones: 100 MB and a little more. */
const pieceBytes = Array.from({ length: 500 }, (_, index) => chatEvent(index)).join("").length;
const pieces = Math.ceil(100e6 / pieceBytes);
const streamBytes = pieces * pieceBytes + chatEnd.length;

/** Long streams at once: neither their usage nor the log may hold on to what passed. */
export const loggedStreamsRss: Profile = {
  name: "logged-streams-rss",
  about: `${streams} chat streams of 100 MB at once, in fresh processes; resident memory at its peak above before`,
  bars: [
    { subject: "metered", figure: growth, atMost: 64, of: "value" },
    { subject: "logged", figure: growth, atMost: 64, of: "value" },
  ],
  subjects: ["bare", "unmetered", "metered", "logged"],
  async run(bench) {
    await afresh(bench, "logged-streams-rss", async (contender) => {
      await warmUp(contender);
      await measure(bench, contender);
    });
  },
};

async function measure(bench: Bench, { name, pid, port, key }: Contender): Promise<void> {
  const before = memory(pid).now;
  resetPeak(pid);
  const cpuBefore = cpuMicros(pid);
  const request = requestBytes(`${chatPath}?events=${pieces * 500}`, key);
  await Promise.all(Array.from({ length: streams }, () => take(port, request)));
  bench.figures.add(name, growth, "MB", (memory(pid).peak - before) / 1e6);
  const spent = cpuMicros(pid) - cpuBefore;
  bench.figures.add(name, "CPU/MB", "µs", spent / ((streams * streamBytes) / 1e6));
}

async function take(port: number, request: Uint8Array): Promise<void> {
  const connection = await openConnection(port);
  let bytes = 0;
  const body = (piece: Uint8Array) => void (bytes += piece.length);
  const { status } = await connection.exchange(request, { body });
  connection.close();
  if (status !== 200 || bytes !== streamBytes) {
    throw new Error(`answered ${status} and ${bytes} of ${streamBytes} bytes`);
  }
}
