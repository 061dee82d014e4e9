import { writeFileSync } from "node:fs";
import { fillKeys } from "../fill-keys.ts";
import { gatewayCommand } from "../gateways.ts";
import { checkLedger } from "../ledger-check.ts";
import { openConnection } from "../connection.ts";
import { requestBytes } from "../payloads.ts";
import { cpuMicros, memory } from "../proc.ts";
import { type Running, scratchPath, start } from "../processes.ts";
import type { Bench, Contender, Profile } from "../profile.ts";
import { startUpstream, type TollgateBuild } from "../subjects.ts";

const few = 10;
const many = 100_000;
const connections = 32;
const path = "/pt/json-1k";
const cpu = "CPU/request";
const more = `${cpu}, × that with ${few} keys`;
const grown = `idle RSS beyond that with ${few} keys`;

/** Whether keys cost by their number: the same load, shown by all of them in turn. */
export const manyKeys: Profile = {
  name: "many-keys",
  about: `${many} keys in the store against ${few}, each call with another one, c=${connections}; each key is used once before it counts`,
  bars: [
    { subject: "governed", figure: more, atMost: 1.05, of: "value" },
    { subject: "governed", figure: grown, atMost: 64, of: "value" },
  ],
  subjects: ["governed"],
  async run(bench) {
    const { build } = bench.subjects.find(({ name }) => name === "governed") ?? {};
    if (build === undefined) return;
    await using upstream = await startUpstream();
    await using little = await startFilled(bench, build, upstream, few);
    await using large = await startFilled(bench, build, upstream, many);
    const { figures } = bench;
    figures.add("governed", grown, "MB", (large.idleRss - little.idleRss) / 1e6);
    const driven = new Map<Contender, number>();
    const drive = async (contender: Contender, seconds: number) => {
      const { port, keysFile, pid } = contender;
      const before = cpuMicros(pid);
      const load = await bench.driver.run({ port, path, keysFile, connections, seconds });
      await Bun.sleep(1_500); // rows are moved into the ledger once a second
      if (load.errors > 0) throw new Error(`${load.errors} of ${load.requests} requests failed`);
      driven.set(contender, (driven.get(contender) ?? 0) + load.requests);
      return (cpuMicros(pid) - before) / load.requests;
    };
    for (const contender of [little, large]) await drive(contender, bench.options.warmUpSeconds);
    const { rounds, seconds } = bench.options;
    for (let round = 1; round <= rounds; round++) {
      bench.progress(`many-keys, round ${round}/${rounds}`);
      const withFew = await drive(little, seconds);
      const withMany = await drive(large, seconds);
      figures.add("governed", `${cpu}, ${few} keys`, "µs", withFew);
      figures.add("governed", `${cpu}, ${many} keys`, "µs", withMany);
      figures.add("governed", more, "", withMany / withFew);
    }
    const grownBy = memory(large.pid).now - memory(little.pid).now;
    figures.add("governed", "RSS after the load beyond that", "MB", grownBy / 1e6);
    for (const contender of [little, large]) {
      const counted = 1 + contender.keys + (driven.get(contender) ?? 0);
      await checkLedger(bench, contender, { counted, cutOff: (rounds + 1) * connections });
    }
  },
};

interface Filled extends Contender {
  readonly keys: number;
  readonly idleRss: number;
}

/** Its resident memory is read two seconds after its first call; then each key is shown once. */
async function startFilled(
  bench: Bench,
  build: TollgateBuild,
  { port: upstreamPort }: Running,
  keys: number,
): Promise<Filled> {
  bench.progress(`many-keys: making ${keys} keys`);
  const dataDirectory = scratchPath("data");
  const all = fillKeys(dataDirectory, keys).map(({ key }) => key);
  const keysFile = scratchPath("keys.txt");
  writeFileSync(keysFile, `${all.join("\n")}\n`);
  const [key = ""] = all;
  const place = { upstreamPort, port: null, dataDirectory };
  const running = await start(gatewayCommand(build, "governed", place));
  await showAll(running.port, [key]);
  await Bun.sleep(2_000);
  const idleRss = memory(running.pid).now;
  bench.progress(`many-keys: showing ${keys} keys`);
  const before = cpuMicros(running.pid);
  await showAll(running.port, all);
  const first = (cpuMicros(running.pid) - before) / keys;
  if (keys === many) bench.figures.add("governed", `${cpu} on a key's first use`, "µs", first);
  return { ...running, name: "governed", key, keysFile, keys, idleRss };
}

async function showAll(port: number, keys: readonly string[]): Promise<void> {
  let next = 0;
  const show = async () => {
    const connection = await openConnection(port);
    for (let key = keys[next++]; key !== undefined; key = keys[next++]) {
      const { status } = await connection.exchange(requestBytes(path, key));
      if (status !== 200) throw new Error(`answered ${status}`);
    }
    connection.close();
  };
  await Promise.all(Array.from({ length: connections }, show));
}
