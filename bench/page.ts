/**
 * The admin page in a real browser: `bun bench/page.ts [--bin PATH] [--rows N] [--rounds N]`. What comes over the wire, when
 * it can be used, and how long its log takes over a ledger of `--rows` calls. Ends with 1 where a bar is missed.
 */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { migrateLedger } from "../src/storage/sqlite/ledger-schema.ts";
import { chromium, Tab, type Visit } from "./browser.ts";
import { fillLedger } from "./fill-ledger.ts";
import { gatewayCommand, makeKey } from "./gateways.ts";
import { keyIdOf } from "./ledger-calls.ts";
import { scratchPath, start } from "./processes.ts";
import { median } from "./stats.ts";
import { findTollgate, startUpstream } from "./subjects.ts";

const scriptBar = 150_000;
const interactiveBarMs = 500;
const rowsBarMs = 200;
const longTaskBarMs = 200;

const { values } = parseArgs({
  options: {
    bin: { type: "string" },
    rows: { type: "string", default: "1000000" },
    rounds: { type: "string", default: "5" },
  },
});
const rows = Number(values.rows);
const rounds = Number(values.rounds);
const keys = 100;
const now = Date.now();
const year = { rows, keys, since: now - 365 * 86_400_000, until: now };

const signInForm = ".sign-in form input:enabled";
const routeRow = ".routes-list tbody tr";
const logRow = "main tbody tr a[href*='/ui/logs/']";

/** What the log is asked for; the last ones order or count what no index has. */
const logs: Readonly<Record<string, string>> = {
  "no filter": "",
  live: "live=1",
  "the last hour": "range=1h",
  "the last 7 days": "range=7d",
  "failed only": "status_filter=failure",
  "all of 5xx": "http_status=5xx",
  "one route": "route=route-3",
  "one model": "model=model-3",
  "one key": `api_key=${keyIdOf(keys >> 1)}`,
  "one team, failed": "team_id=team-3&status_filter=failure",
  "team and model": "team_id=team-3&model=model-3",
  "a rare tag": "tag=rare",
  "from a dollar on": "min_spend=1",
  "longer than 9.4 s": "min_duration_ms=9400",
  "dearest first": "sort_by=spend",
  "longest first": "sort_by=request_duration_ms",
  "a page far behind": `page=${Math.min(1_000, Math.ceil(rows / 100))}`,
};

let misses = 0;
if (chromium === null) throw new Error("no browser is installed: apt-get install chromium");
await main(chromium);
process.exit(misses > 0 ? 1 : 0);

async function main(browser: string): Promise<void> {
  const build = findTollgate(values.bin ?? null);
  if (build === null) throw new Error("there is no tollgate");
  const dataDirectory = scratchPath("data");
  mkdirSync(dataDirectory, { mode: 0o700 });
  const file = join(dataDirectory, "ledger.db");
  migrateLedger(file);
  const spent = fillLedger(file, year, rows);
  console.log(`${build.argv.join(" ")}\nledger of ${rows} rows, made in ${ms(spent)}`);
  await using upstream = await startUpstream();
  const place = { upstreamPort: upstream.port, port: null, dataDirectory };
  await using gateway = await start(gatewayCommand(build, "metered", place));
  await makeKey(gateway, "metered");
  await using tab = new Tab(browser, gateway.port);
  await tab.start();
  await visitFirst(tab);
  await tab.signIn(gateway.port);
  await visitRoutes(tab);
  await visitLogs(tab);
}

/** As somebody who has never been here. */
async function visitFirst(tab: Tab): Promise<void> {
  console.log(`\nsign-in, ${rounds} times, median`);
  await tab.visit("/ui", signInForm); // the browser's own first page is not the page's
  const cold = await timesOf(tab, "/ui", signInForm, true);
  const warm = await timesOf(tab, "/ui", signInForm, false);
  tellScripts(cold);
  const again = warm.map((each) => wireBytes(each, /\/assets\//).bytes);
  told("files on the second visit", kb(Math.max(...again)), Math.max(...again) === 0);
  tellInteractive("usable, nothing cached", cold);
  tellInteractive("usable, on the second visit", warm);
}

async function visitRoutes(tab: Tab): Promise<void> {
  console.log("\nroutes, signed in");
  const cold = await timesOf(tab, "/ui/routes", routeRow, true);
  tellScripts(cold);
  tellInteractive("usable, nothing cached", cold);
  const warm = await timesOf(tab, "/ui/routes", routeRow, false);
  tellInteractive("usable, on the second visit", warm);
}

async function visitLogs(tab: Tab): Promise<void> {
  console.log(
    "\nlogs, files cached: first rows painted since the code was there (since the navigation",
  );
  console.log("began, the API's answer; the slowest)");
  for (const [name, query] of Object.entries(logs)) {
    const visits = await timesOf(tab, `/ui/logs?${query}`, logRow, false).catch(
      (error: unknown) => {
        told(`${name}: ${error instanceof Error ? error.message : String(error)}`, "–", false);
        return [];
      },
    );
    if (visits.length === 0) continue;
    const sinceCode = visits.map(({ paintedAt, codeAt }) => paintedAt - codeAt);
    const all = median(visits.map(({ paintedAt }) => paintedAt));
    const answers = visits.map(answerMs);
    const beside = `${ms(all)}, API ${ms(median(answers))}; ${ms(Math.max(...sinceCode))}, API ${ms(Math.max(...answers))}`;
    told(`${name} (${beside})`, ms(median(sinceCode)), median(sinceCode) <= rowsBarMs);
    tellLongTasks(visits);
  }
}

/** The first answer to a question for rows. */
function answerMs({ resources }: Visit): number {
  return resources.find(({ path }) => path.startsWith("/spend/logs/v2"))?.ms ?? NaN;
}

async function timesOf(tab: Tab, path: string, selector: string, isCold: boolean) {
  const visits: Visit[] = [];
  for (let round = 0; round < rounds; round++) {
    if (isCold) await tab.forget();
    visits.push(await tab.visit(path, selector));
  }
  return visits;
}

function wireBytes({ resources }: Visit, paths: RegExp): { count: number; bytes: number } {
  const found = resources.filter(({ path }) => paths.test(path));
  return { count: found.length, bytes: found.reduce((sum, { wireBytes: one }) => sum + one, 0) };
}

/** What the page asked for before it was there; the rest comes while the browser has nothing else to do. */
function tellScripts(visits: readonly Visit[]): void {
  const early = visits.map((visit) => {
    const resources = visit.resources.filter(({ startedAt }) => startedAt <= visit.shownAt);
    return wireBytes({ ...visit, resources }, /\.js$/);
  });
  const bytes = Math.max(...early.map((each) => each.bytes));
  const count = Math.max(...early.map((each) => each.count));
  told(`JavaScript, ${count} files at most`, kb(bytes), bytes <= scriptBar);
  const styles = Math.max(...visits.map((visit) => wireBytes(visit, /\.css$/).bytes));
  told("style", kb(styles));
}

function tellInteractive(what: string, visits: readonly Visit[]): void {
  const times = visits.map(({ paintedAt }) => paintedAt);
  const slowest = `the slowest ${ms(Math.max(...times))}`;
  told(`${what} (${slowest})`, ms(median(times)), median(times) <= interactiveBarMs);
  tellLongTasks(visits);
}

function tellLongTasks(visits: readonly Visit[]): void {
  const longest = Math.max(0, ...visits.flatMap(({ longTasks }) => longTasks));
  if (longest > longTaskBarMs) told("  one task kept the page's thread", ms(longest), false);
}

function told(what: string, value: string, isMet: boolean | null = null): void {
  if (isMet === false) misses++;
  console.log(`  ${value.padStart(10)}  ${what}${isMet === false ? "  MISSED" : ""}`);
}

function kb(bytes: number): string {
  return `${(bytes / 1_000).toFixed(1)} KB`;
}

function ms(time: number): string {
  return `${time.toFixed(time < 10 ? 1 : 0)} ms`;
}
