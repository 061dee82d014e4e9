import { type Connection, openConnection } from "../connection.ts";
import { requestBytes } from "../payloads.ts";
import { cpuMicros } from "../proc.ts";
import { type Contender, inTurn, type Profile, startField } from "../profile.ts";

const cpu = "CPU/event";
const streams = 100;
const intervalMs = 5;

/**
 * CPU time per event while many streams flow. The bare relay hands the upstream's body on untapped. `pieces/event` shows that events were not merged on the way (1 = each came alone).
 */
export const sseCpu: Profile = {
  name: "sse-cpu",
  about: `${streams} event streams, one event of about 250 bytes every ${intervalMs} ms each`,
  bars: [{ figure: cpu, atMost: 1.1, of: "ratio" }],
  async run(bench) {
    await using field = await startField(bench);
    const { warmUpSeconds, seconds } = bench.options;
    for (const each of field.contenders) await flow(each, warmUpSeconds).catch(() => {});
    await inTurn(bench, field.contenders, "sse-cpu", async (contender) => {
      const { events, pieces, cpuSpent } = await flow(contender, seconds);
      bench.figures.add(contender.name, cpu, "µs", cpuSpent / events);
      bench.figures.add(contender.name, "events/s", "", events / seconds);
      bench.figures.add(contender.name, "pieces/event", "", pieces / events);
    });
  },
};

async function flow({ port, pid }: Contender, seconds: number) {
  const request = requestBytes(`/pt/sse?events=100000000&ms=${intervalMs}`);
  const seen = { events: 0, pieces: 0 };
  const count = (bytes: Uint8Array) => {
    seen.pieces++;
    for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, at + 1)) seen.events += 0.5;
  };
  const open: Connection[] = [];
  for (let stream = 0; stream < streams; stream++) {
    const connection = await openConnection(port);
    connection.exchange(request, { body: count }).catch(() => {}); // ends when we close it
    open.push(connection);
  }
  await Bun.sleep(500); // all streams flow
  const before = { ...seen, cpu: cpuMicros(pid) };
  await Bun.sleep(seconds * 1_000);
  const events = seen.events - before.events;
  const pieces = seen.pieces - before.pieces;
  const cpuSpent = cpuMicros(pid) - before.cpu;
  for (const connection of open) connection.close();
  await Bun.sleep(200); // the upstream ends its side before the next one's turn
  if (events < (streams * seconds * 1_000) / intervalMs / 2) throw new Error("too few events came");
  return { events, pieces, cpuSpent };
}
