import { cpuMicros, memory } from "../proc.ts";
import { openConnection } from "../connection.ts";
import type { Bar } from "../figures.ts";
import { checkLedger } from "../ledger-check.ts";
import { jsonReply, replySizes, requestBytes } from "../payloads.ts";
import {
  attemptAll,
  type Bench,
  type Contender,
  inTurn,
  type Profile,
  startField,
} from "../profile.ts";

const cpu = "CPU/request";

/** What is done behind the replies is counted too: rows are moved into the ledger once a second. */
const afterworkMs = 1_500;

const all = ["bare", "whole", "nginx", "tollgate", "governed"] as const;

const bars: Readonly<Record<string, readonly Bar[]>> = {
  "json-1k-c1": [{ subject: "governed", figure: cpu, atMost: 1, of: "ratio" }],
  "json-1k-c32": [
    { figure: cpu, atMost: 0.7, of: "ratio" },
    { subject: "governed", figure: cpu, atMost: 0.8, of: "ratio" },
  ],
};

/** POSTs of about 1 KB of JSON in a closed loop over `connections` kept connections. */
export function jsonProfile(name: string, path: string, connections: number): Profile {
  return {
    name,
    about: `POST of 1 KB JSON, reply of ${(replySizes[path] ?? 0) / 1_024} KB, c=${connections}`,
    bars: bars[name] ?? [],
    ...(path === "/pt/json-1k" && { subjects: all }),
    async run(bench) {
      await using field = await startField(bench);
      const requests = new Map<string, number>();
      for (const contender of field.contenders) {
        bench.progress(`${name}: warming up ${contender.name}`);
        await drive(bench, contender, bench.options.warmUpSeconds, requests);
      }
      await inTurn(bench, field.contenders, name, async (contender) => {
        await checkReply(contender, path);
        const before = cpuMicros(contender.pid);
        const load = await drive(bench, contender, bench.options.seconds, requests);
        await Bun.sleep(afterworkMs);
        const spent = cpuMicros(contender.pid) - before;
        const add = bench.figures.add.bind(bench.figures, contender.name);
        if (load.errors > 0) throw new Error(`${load.errors} of ${load.requests} requests failed`);
        add(cpu, "µs", spent / load.requests);
        add("requests/s", "", load.requests / load.seconds);
        add("p50", "ms", load.p50Ms);
        add("p99", "ms", load.p99Ms);
        add("RSS", "MB", memory(contender.pid).now / 1e6);
      });
      const { rounds } = bench.options;
      await attemptAll(bench, field.contenders, async (contender) => {
        const driven = requests.get(contender.name) ?? 0;
        if (contender.name === "tollgate") await countCallLines(bench, contender, driven);
        if (contender.name !== "governed") return;
        const cutOff = (rounds + 1) * connections;
        await checkLedger(bench, contender, { counted: driven + rounds, cutOff });
      });
    },
  };

  async function drive(
    bench: Bench,
    contender: Contender,
    seconds: number,
    requests: Map<string, number>,
  ) {
    const { port, keysFile } = contender;
    const load = await bench.driver.run({ port, path, keysFile, connections, seconds });
    requests.set(contender.name, (requests.get(contender.name) ?? 0) + load.requests);
    return load;
  }
}

/** A relay that answers something else is not measured. */
async function checkReply(contender: Contender, path: string): Promise<void> {
  const connection = await openConnection(contender.port);
  const { status, body } = await connection.exchange(requestBytes(path, contender.key), {
    keep: true,
  });
  connection.close();
  const same = body === jsonReply(replySizes[path] ?? 0);
  if (status !== 200 || !same) throw new Error(`answered ${status} and ${body.slice(0, 200)}`);
}

/** That the call line was logged for each request is part of the claim, so it is counted. */
async function countCallLines(bench: Bench, contender: Contender, driven: number): Promise<void> {
  await Bun.sleep(500); // the writer's last batch
  let lines = 0;
  for await (const chunk of Bun.file(contender.logFile).stream()) {
    for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, at + 1)) lines++;
  }
  const share = lines / driven;
  bench.figures.add(contender.name, "log lines/request", "", share);
  if (!(share > 0.99)) throw new Error("call lines are missing: see log lines/request");
}
