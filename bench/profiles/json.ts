import { cpuMicros, memory, settled } from "../proc.ts";
import { openConnection } from "../connection.ts";
import type { Bar } from "../figures.ts";
import { checkLedger } from "../ledger-check.ts";
import { droppedBodies } from "../metrics.ts";
import { meteredNanoUsd, replies, requestBytes } from "../payloads.ts";
import {
  attemptAll,
  type Bench,
  type Contender,
  inTurn,
  type Profile,
  startField,
} from "../profile.ts";
import type { SubjectName } from "../subjects.ts";

const cpu = "CPU/request";

/** What is driven, and who takes part. */
export interface JsonOrder {
  readonly name: string;
  readonly path: string;
  readonly connections: number;
  readonly bars?: readonly Bar[];
  readonly subjects?: readonly SubjectName[];
}

/** POSTs of about 1 KB of JSON in a closed loop over `connections` kept connections. */
export function jsonProfile({ name, path, connections, bars = [], subjects }: JsonOrder): Profile {
  const reply = replies[path] ?? "";
  return {
    name,
    about: `POST of 1 KB JSON, reply of ${reply.length / 1_024} KB, c=${connections}`,
    bars,
    ...(subjects && { subjects }),
    async run(bench) {
      await using field = await startField(bench);
      const requests = new Map<string, number>();
      for (const contender of field.contenders) {
        bench.progress(`${name}: warming up ${contender.name}`);
        await drive(bench, contender, bench.options.warmUpSeconds, requests);
        await settled(contender.pid);
      }
      await inTurn(bench, field.contenders, name, async (contender) => {
        await checkReply(contender, path);
        const before = cpuMicros(contender.pid);
        const load = await drive(bench, contender, bench.options.seconds, requests);
        const driven = cpuMicros(contender.pid) - before;
        await settled(contender.pid);
        const spent = cpuMicros(contender.pid) - before;
        const add = bench.figures.add.bind(bench.figures, contender.name);
        if (load.errors > 0) throw new Error(`${load.errors} of ${load.requests} requests failed`);
        add(cpu, "µs", spent / load.requests);
        add("of it before the last reply", "µs", driven / load.requests);
        add("requests/s", "", load.requests / load.seconds);
        add("p50", "ms", load.p50Ms);
        add("p99", "ms", load.p99Ms);
        add("RSS", "MB", memory(contender.pid).now / 1e6);
      });
      const { rounds } = bench.options;
      await attemptAll(bench, field.contenders, async (contender) => {
        const driven = requests.get(contender.name) ?? 0;
        if (contender.name === "tollgate") await countCallLines(bench, contender, driven);
        if (contender.name === "logged") await countBodies(bench, contender, driven);
        const cost = costs[contender.name];
        if (cost === undefined) return;
        const cutOff = (rounds + 1) * connections;
        const answered = { counted: driven + rounds, cutOff };
        await checkLedger(bench, contender, { ...answered, ...cost });
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

/** What a call costs, of those that have a ledger. */
const costs: { readonly [Name in SubjectName]?: { readonly costNanoUsd?: number | null } } = {
  governed: {},
  unmetered: { costNanoUsd: null },
  metered: { costNanoUsd: meteredNanoUsd },
  logged: { costNanoUsd: meteredNanoUsd },
};

/** A relay that answers something else is not measured. */
async function checkReply(contender: Contender, path: string): Promise<void> {
  const connection = await openConnection(contender.port);
  const { status, body } = await connection.exchange(requestBytes(path, contender.key), {
    keep: true,
  });
  connection.close();
  const same = body === replies[path];
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

/** So are bodies: a log that drops them is cheap. */
async function countBodies(bench: Bench, { name, port }: Contender, driven: number): Promise<void> {
  const share = (await droppedBodies(port)) / driven;
  bench.figures.add(name, "bodies dropped/request", "", share);
  if (!(share < 0.01)) throw new Error("bodies are missing: see bodies dropped/request");
}
