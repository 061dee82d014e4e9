import { Database } from "bun:sqlite";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Bar } from "../figures.ts";
import { adminText, type GatewayPlace, gatewayCommand, makeKey } from "../gateways.ts";
import { takeLag } from "../metrics.ts";
import { chatPath } from "../payloads.ts";
import { settled } from "../proc.ts";
import { scratchPath, start } from "../processes.ts";
import type { Bench, Contender, Profile } from "../profile.ts";
import { startSteadyLoad } from "../steady-load.ts";
import { startUpstream, type TollgateBuild } from "../subjects.ts";

const rate = 300;
const subject = "logged";
const barMs = 5;
/** Retention looks once a minute. */
const retentionMs = 65_000;

const day = (time: number) => new Date(time).toISOString().slice(0, 10);
const dayMs = 86_400_000;
const span = `start_date=${day(Date.now() - dayMs)}&end_date=${day(Date.now() + dayMs)}`;
const groups = ["team", "api_key", "route", "model", "tag", "day"];

/** What admins ask for meanwhile, one request after the other. */
const phases: Readonly<Record<string, readonly string[]>> = {
  lists: [
    "/spend/logs/v2?page_size=100",
    "/spend/logs/v2?page_size=100&page=20",
    "/spend/logs/v2?page_size=100&sort_by=spend&status_filter=success",
  ],
  search: ["/spend/logs/v2?page_size=100&search=piece", "/spend/logs/v2?search=nothing+like+it"],
  "export jsonl": ["/spend/logs/export"],
  "export csv": ["/spend/logs/export?format=csv"],
  reports: [
    ...groups.map((group) => `/global/spend/report?group_by=${group}&${span}`),
    `/global/latency?group_by=hour&${span}`,
    `/spend/logs?${span}`,
    "/spend/tags",
  ],
};

const lagOf = (phase: string) => `${phase}: lag max`;
const bars: readonly Bar[] = ["load alone", ...Object.keys(phases), "retention"].map((phase) => ({
  subject,
  figure: lagOf(phase),
  atMost: barMs,
  of: "value",
}));

/** Whether what admins ask for, and what is done by itself, holds calls up. */
export const loopLag: Profile = {
  name: "loop-lag",
  about: `event-loop lag at ${rate}/s of 1 KB JSON, rows folded and bodies logged, while admins ask for one thing after the other`,
  bars,
  subjects: [subject],
  async run(bench) {
    const { build } = bench.subjects.find(({ name }) => name === subject) ?? {};
    if (build === undefined) return;
    await using upstream = await startUpstream();
    await using full = await startFilled(bench, build, { upstreamPort: upstream.port, port: null });
    const { rounds, seconds } = bench.options;
    for (let round = 1; round <= rounds; round++) {
      const measured = (phase: string, work: () => Promise<number>) => {
        bench.progress(`loop-lag, round ${round}/${rounds}: ${phase}`);
        return measure(bench, full, phase, work);
      };
      const sleep = async () => (await Bun.sleep(seconds * 1_000), 0);
      await measured("idle", sleep);
      const load = await startSteadyLoad(full, chatPath, rate);
      await measured("load alone", sleep);
      for (const [phase, paths] of Object.entries(phases)) {
        await measured(phase, () => ask(full, paths, seconds));
      }
      await load.stop();
    }
    await retention(bench, build, upstream.port);
  },
};

/** Once, in a gateway that may keep less than it has. */
async function retention(bench: Bench, build: TollgateBuild, upstreamPort: number): Promise<void> {
  const general = { maximum_spend_logs_size_mb: 1, log_max_size_mb: 1 };
  await using small = await startFilled(bench, build, { upstreamPort, port: null, general });
  bench.progress("loop-lag: retention");
  const load = await startSteadyLoad(small, chatPath, rate);
  const before = rowsOf(small);
  await measure(bench, small, "retention", async () => (await Bun.sleep(retentionMs), 0));
  await load.stop();
  const after = rowsOf(small);
  bench.figures.add(subject, "rows before retention", "", before);
  bench.figures.add(subject, "rows after it", "", after);
  if (after >= before) throw new Error(`retention removed nothing: ${before} rows, then ${after}`);
}

function rowsOf({ dataDirectory }: Contender): number {
  using database = new Database(join(dataDirectory ?? "", "ledger.db"), { readonly: true });
  return Number(database.query("SELECT count(*) FROM calls").values()[0]?.[0]);
}

/** With so many calls in its books as a closed loop of some seconds leaves. */
async function startFilled(
  bench: Bench,
  build: TollgateBuild,
  place: GatewayPlace,
): Promise<Contender> {
  bench.progress("loop-lag: filling the log");
  const running = await start(gatewayCommand(build, subject, place));
  const key = await makeKey(running, subject);
  const keysFile = scratchPath("keys.txt");
  writeFileSync(keysFile, `${key}\n`);
  const { port } = running;
  const seconds = 2 * bench.options.warmUpSeconds;
  await bench.driver.run({ port, path: chatPath, keysFile, connections: 32, seconds });
  await settled(running.pid);
  return { ...running, name: subject, key, keysFile };
}

/** Gives how many answers came. */
async function ask({ port }: Contender, paths: readonly string[], seconds: number) {
  const until = performance.now() + seconds * 1_000;
  let answers = 0;
  while (performance.now() < until || answers < paths.length) {
    await adminText(port, "GET", paths[answers++ % paths.length] ?? "");
  }
  return answers;
}

async function measure(
  bench: Bench,
  { port }: Contender,
  phase: string,
  work: () => Promise<number>,
): Promise<void> {
  await takeLag(port);
  const answers = await work();
  const { max, p99 } = await takeLag(port);
  bench.figures.add(subject, lagOf(phase), "ms", max);
  bench.figures.add(subject, `${phase}: lag p99`, "ms", p99);
  if (answers > 0) bench.figures.add(subject, `${phase}: answers`, "", answers);
}
