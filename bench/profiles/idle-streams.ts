import { type Connection, openConnection } from "../connection.ts";
import { requestBytes } from "../payloads.ts";
import { memory } from "../proc.ts";
import { afresh, type Bench, type Contender, type Profile } from "../profile.ts";
import { warmUp } from "./warm-up.ts";

const streams = 1_000;
const perStream = "RSS/stream";
const next = "next request";

/** Event streams that wait, as those of slow models do: what one costs, and whether the gateway still answers. */
export const idleStreams: Profile = {
  name: "idle-streams",
  about: `${streams} event streams held open after their first event, in fresh processes`,
  bars: [
    { figure: perStream, atMost: 32, of: "value" },
    { figure: next, atMost: 50, of: "value" },
  ],
  async run(bench) {
    await afresh(bench, "idle-streams", async (contender) => {
      await warmUp(contender);
      await measure(bench, contender);
    });
  },
};

async function measure(bench: Bench, { name, pid, port }: Contender): Promise<void> {
  const before = memory(pid).now;
  const held: Connection[] = [];
  for (let opened = 0; opened < streams; opened += 50) {
    held.push(...(await Promise.all(Array.from({ length: 50 }, () => holdStream(port)))));
  }
  await Bun.sleep(2_000);
  bench.figures.add(name, perStream, "KB", (memory(pid).now - before) / 1e3 / streams);
  const sentAt = performance.now();
  const connection = await openConnection(port);
  const { status } = await connection.exchange(requestBytes("/pt/json-1k"));
  if (status !== 200) throw new Error(`the next request answered ${status}`);
  bench.figures.add(name, next, "ms", performance.now() - sentAt);
  for (const each of [connection, ...held]) each.close();
  await Bun.sleep(500); // the upstream's side
}

/** Resolves once the stream's first byte is there. */
async function holdStream(port: number): Promise<Connection> {
  const connection = await openConnection(port);
  await new Promise<void>((resolve, reject) => {
    const flow = { body: () => resolve() };
    connection.exchange(requestBytes("/pt/idle"), flow).then(() => reject(ended), reject);
    setTimeout(() => reject(new Error("no first byte in 10 s")), 10_000).unref();
  });
  return connection;
}

const ended = new Error("the stream ended");
