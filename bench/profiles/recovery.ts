import { rmSync } from "node:fs";
import { fillJournal } from "../fill-journal.ts";
import { fillKeys } from "../fill-keys.ts";
import { admin, callNanoUsd, gatewayCommand } from "../gateways.ts";
import { settledLedger } from "../ledger-check.ts";
import { announcedPort, type Running, scratchPath, spawn } from "../processes.ts";
import type { Bench, Profile } from "../profile.ts";
import { startUpstream, type TollgateBuild } from "../subjects.ts";

const records = 100_000;
const open = 32;
const calls = (records + open) / 2;
const keys = 100;
const started = "start";
const usual = "start with nothing to recover";

/** A start after a kill: the journal holds what the store does not. What was spent must be known before the first call. */
export const recovery: Profile = {
  name: "recovery",
  about: `exec → listening, with ${records} records of ${calls} calls in the journal that were not folded; ${open} calls have no row`,
  bars: [{ subject: "governed", figure: started, atMost: 200, of: "value", binaryOnly: true }],
  subjects: ["governed"],
  async run(bench) {
    const { build } = bench.subjects.find(({ name }) => name === "governed") ?? {};
    if (build === undefined) return;
    await using upstream = await startUpstream();
    for (let round = 0; round <= bench.options.rounds; round++) {
      bench.progress(`recovery ${round}/${bench.options.rounds}`);
      const plain = await startOnce(bench, build, upstream, 0);
      const ms = await startOnce(bench, build, upstream, calls);
      if (round === 0) continue; // files come into the page cache
      bench.figures.add("governed", usual, "ms", plain);
      bench.figures.add("governed", started, "ms", ms);
    }
  },
};

async function startOnce(
  bench: Bench,
  build: TollgateBuild,
  upstream: Running,
  ofCalls: number,
): Promise<number> {
  const dataDirectory = scratchPath("recovery");
  const filled = fillKeys(dataDirectory, keys);
  const keyIds = filled.map(({ id }) => id);
  if (ofCalls > 0) fillJournal(dataDirectory, { keyIds, calls: ofCalls, open });
  const place = { upstreamPort: upstream.port, port: null, dataDirectory };
  const command = gatewayCommand(build, "governed", place);
  const startedAt = performance.now();
  await using child = spawn(command);
  let port = announcedPort(child.logFile);
  while (port === null) {
    if (!child.mayStart()) throw child.startFault();
    await Bun.sleep(1);
    port = announcedPort(child.logFile);
  }
  const ms = performance.now() - startedAt;
  if (ofCalls > 0) await check(bench, { port, dataDirectory, keyIds });
  await child[Symbol.asyncDispose]();
  rmSync(dataDirectory, { recursive: true, force: true });
  return ms;
}

interface Recovered {
  readonly port: number;
  readonly dataDirectory: string;
  readonly keyIds: readonly string[];
}

/** Each key's spend, at once and before anything is folded; then rows and accounts, once they are. */
async function check(bench: Bench, { port, dataDirectory, keyIds }: Recovered): Promise<void> {
  let wrong = 0;
  for (const [at, id] of keyIds.entries()) {
    const { info } = await admin(port, "GET", `/key/info?key=${id}`);
    const ofKey = Math.ceil((calls - at) / keyIds.length);
    const spend = typeof info === "object" && info !== null && "spend" in info ? info.spend : null;
    if (Math.round(Number(spend) * 1e9) !== ofKey * callNanoUsd) wrong += 1;
  }
  const { rows, lost, spent, astray } = await settledLedger(dataDirectory, calls - open);
  const missing = calls - rows - lost;
  bench.figures.add("governed", "keys with a wrong spend", "", wrong);
  bench.figures.add("governed", "missing rows", "", missing);
  if (wrong === 0 && missing === 0 && astray === 0 && spent === calls * callNanoUsd) return;
  throw new Error(
    `${wrong} keys have a wrong spend; ${missing} rows are missing; rows and accounts differ by ${astray} nano-USD`,
  );
}
