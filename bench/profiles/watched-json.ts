import { chromium, Tab } from "../browser.ts";
import type { Load } from "../load.ts";
import { checkLedger } from "../ledger-check.ts";
import { startLogWatcher } from "../log-watcher.ts";
import { chatPath, meteredNanoUsd } from "../payloads.ts";
import { cpuMicros, settled } from "../proc.ts";
import {
  attemptAll,
  type Bench,
  type Contender,
  inTurn,
  type Profile,
  startField,
} from "../profile.ts";
import { median } from "../stats.ts";

const name = "watched-json-c32";
const subject = "metered";
const connections = 32;
const cpu = "CPU/request";
const watchedRatio = "watched / alone";

/** So long at a time: the page asks for the newest calls every two seconds, and every thirty for more. */
const windowSeconds = 20;
const quickWindowSeconds = 8;

/** Looks on; gives what ends it. */
type Watch = (bench: Bench, contender: Contender) => Promise<() => Promise<void>>;

const watches = {
  alone: async () => async () => {},
  watched: async ({ figures }, { port }) => {
    const watcher = await startLogWatcher(port);
    return async () => {
      const times = await watcher.stop();
      figures.add(subject, "answer to the tail, median", "ms", median(times));
      figures.add(subject, "answer to the tail, longest", "ms", Math.max(...times));
    };
  },
  browser: async (_, { port }) => {
    if (chromium === null) throw new Error("no browser is installed");
    const tab = new Tab(chromium, port);
    await tab.start();
    await tab.signIn(port);
    await tab.visit("/ui/logs?live=1", "main tbody tr");
    return () => tab[Symbol.asyncDispose]();
  },
} as const satisfies Readonly<Record<string, Watch>>;
type Way = keyof typeof watches;
const ways: readonly Way[] =
  chromium === null ? ["alone", "watched"] : ["alone", "watched", "browser"];

/** What a page that shows the live tail costs the calls: rows are counted and read where they are also written. */
export const watchedJson: Profile = {
  name,
  about: `POST of 1 KB JSON, reply of 1 KB, c=${connections}: nobody looks on, somebody asks what the page's live tail asks, a browser shows it`,
  bars: [{ subject, figure: watchedRatio, atMost: 1.03, of: "value" }],
  subjects: ["bare", subject],
  async run(bench) {
    await using field = await startField(bench);
    const answered = { counted: 0, cutOff: 0, costNanoUsd: meteredNanoUsd };
    const count = ({ requests }: Load) => {
      answered.counted += requests;
      answered.cutOff += connections;
    };
    await attemptAll(bench, field.contenders, async (contender) => {
      bench.progress(`${name}: warming up ${contender.name}`);
      const load = await drive(bench, contender, bench.options.warmUpSeconds);
      if (contender.name === subject) count(load);
      await settled(contender.pid);
    });
    await inTurn(bench, field.contenders, name, async (contender, round) => {
      if (contender.name === subject) await measureWays(bench, contender, { round, count });
      else await measureOnce(bench, contender);
    });
    await attemptAll(bench, field.contenders, async (contender) => {
      if (contender.name === subject) await checkLedger(bench, contender, answered);
    });
  },
};

async function measureOnce(bench: Bench, contender: Contender): Promise<void> {
  const { perRequest } = await spent(bench, contender, bench.options.seconds);
  bench.figures.add(contender.name, cpu, "µs", perRequest);
}

/** Every other round the other way about: what the ledger holds grows all the time. */
async function measureWays(
  bench: Bench,
  contender: Contender,
  { round, count }: { readonly round: number; readonly count: (load: Load) => void },
): Promise<void> {
  const micros: Partial<Record<Way, number>> = {};
  for (const way of round % 2 === 0 ? ways.toReversed() : ways) {
    bench.progress(`${name}, round ${round}/${bench.options.rounds}: ${subject}, ${way}`);
    const stop = await watches[way](bench, contender);
    const seconds = bench.options.quick ? quickWindowSeconds : windowSeconds;
    const { load, perRequest } = await spent(bench, contender, seconds, stop);
    count(load);
    micros[way] = perRequest;
    bench.figures.add(subject, way === "alone" ? cpu : `${cpu}, ${way}`, "µs", perRequest);
  }
  const { alone = NaN, watched = NaN, browser } = micros;
  bench.figures.add(subject, watchedRatio, "", watched / alone);
  if (browser !== undefined) bench.figures.add(subject, "browser / alone", "", browser / alone);
}

async function spent(
  bench: Bench,
  contender: Contender,
  seconds: number,
  stop: () => Promise<void> = async () => {},
): Promise<{ load: Load; perRequest: number }> {
  const before = cpuMicros(contender.pid);
  const load = await drive(bench, contender, seconds);
  await stop();
  await settled(contender.pid);
  const { errors, requests } = load;
  if (errors > 0) throw new Error(`${errors} of ${requests} requests failed`);
  return { load, perRequest: (cpuMicros(contender.pid) - before) / requests };
}

function drive(bench: Bench, { port, keysFile }: Contender, seconds: number): Promise<Load> {
  return bench.driver.run({ port, path: chatPath, keysFile, connections, seconds });
}
