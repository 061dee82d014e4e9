import { afterAll, expect, test } from "bun:test";
import { bytes, count, duration } from "../../src/ui/format.ts";
import { browserTest, Tab } from "./browser.ts";
import { asker } from "./full-gateway.ts";
import { endpointsInFile, servedRoutes, startNumbersHouse } from "./numbers-house.ts";
import { Ledger, type LedgerRow } from "./numbers-ledger.ts";
import { answeredOf, expectNear, mostInAnHour } from "./numbers-near.ts";
import { type Cells, columns, go, settles, statsOf, tableOf } from "./numbers-seen.ts";
import { exactText, moneyText, nanoOf } from "./numbers-text.ts";

const limitMs = 30_000;
const house = await startNumbersHouse();
const { gateway, keys, calls } = house;
const ledger = new Ledger(house.dataDir);
const rows = ledger.rows();
const ask = asker(gateway.url);

afterAll(async () => {
  ledger[Symbol.dispose]();
  await house[Symbol.asyncDispose]();
});

test("the history has everything that numbers can be of", () => {
  const statuses = new Set(rows.map(({ status }) => status));
  expect([...statuses].toSorted()).toEqual([200, 404, 429, 500, 502, 503]);
  expect(ledger.whole().unpriced).toBeGreaterThan(0);
  expect(rows.some(({ estimated, why }) => estimated === 1 && why !== null)).toBe(true);
  expect(rows.some(({ usage }) => usage?.includes("cached") === true)).toBe(true);
  expect(rows.some(({ cost }) => cost === 200)).toBe(true);
  expect(rows.some(({ cost }) => cost === 1_234_567_891_234)).toBe(true);
  expect(ledger.refusals()).toEqual([
    { code: "key_invalid", count: 3 },
    { code: "route_not_found", count: 1 },
  ]);
});

browserTest(
  "routes: calls, failures, cost and the last day are the ledger's, p95 is within 10 %",
  async () => {
    await using tab = new Tab(gateway);
    await tab.signIn("/ui/routes");

    const sums = new Map(ledger.sums("route").map((sum) => [sum.name, sum]));
    const wanted = servedRoutes.map((id) => {
      const { calls = 0, failed = 0, nano = 0, unpriced = 0 } = sums.get(id) ?? {};
      const more = nano !== null && unpriced > 0 ? ` + ${unpriced} unpriced` : "";
      return [String(calls), String(failed), calls === 0 ? "–" : `${moneyText(nano)}${more}`];
    });
    const served = async () => (await tableOf(tab, "Routes")).slice(0, servedRoutes.length);
    await settles(async () => columns(await served(), ["Calls", "Failed", "Cost"]), wanted);
    const labels = `[...document.querySelectorAll(".sparkline, .routes-no-calls")].map((one) => one.getAttribute("aria-label"))`;
    await settles(async () => tab.view.evaluate(labels), servedRoutes.map(lastDay));
    for (const row of await served()) {
      const id = row["Path"]?.split("/")[1] ?? "";
      expectNear(row["p95"], answeredOf(rows, id), 0.95);
    }
  },
  limitMs,
);

function lastDay(route: string): string {
  const answered = answeredOf(rows, route);
  if (answered.length === 0) return "No answered calls in the last 24 hours";
  const word = answered.length === 1 ? "call" : "calls";
  return `${answered.length} answered ${word} in the last 24 hours, at most ${mostInAnHour(answered)} in one of them`;
}

function firstByte(ms: number | null): string {
  return ms === null ? "none" : duration(ms);
}

function tokens({ prompt, completion }: LedgerRow): string {
  return prompt === null && completion === null
    ? "unknown"
    : `${count(prompt)} / ${count(completion)}`;
}

const callNames = ["Cost", "Tokens in / out", "Duration", "First byte"];
const callTexts = (row: LedgerRow) => [
  moneyText(row.cost),
  tokens(row),
  duration(row.durationMs),
  firstByte(row.firstByteMs),
];

browserTest(
  "logs: every row's cost, tokens and times",
  async () => {
    await using tab = new Tab(gateway);
    await tab.signIn("/ui/logs");

    const wanted = rows.map((row) => {
      const [cost = "", ...rest] = callTexts(row);
      return [row.estimated === 1 && row.cost !== null ? `${cost} est.` : cost, ...rest];
    });
    await settles(async () => columns(await tableOf(tab, "Calls"), callNames), wanted);
    await tab.shows(`${rows.length} in all`);
  },
  limitMs,
);

browserTest(
  "a call: its numbers, and the lines of its cost make what was booked",
  async () => {
    await using tab = new Tab(gateway);
    await tab.signIn("/ui/logs");
    for (const id of [calls.cached, calls.stream, calls.tiny]) {
      const row = ledger.rowOf(id);
      await go(tab, `/ui/logs/${id}?tab=cost`);

      await settles(async () => columns([await statsOf(tab)], callNames), [callTexts(row)]);
      await tab.shows("adds up");
      await tab.shows(`Booked\n${exactText(row.cost ?? -1)}`);
      const lines = await tableOf(tab, "The cost, line by line");
      expectLines(lines, row);
      for (const used of Object.values(usageOf(row))) await tab.shows(count(used));
      await tab.press("Timing");
      await tab.shows(`Duration: ${duration(row.durationMs)}`);
      const [went, came] = [bytes(row.bytesIn), bytes(row.bytesOut)];
      await tab.shows(`${went} went to the upstream, ${came} came back`);
    }
  },
  limitMs,
);

function usageOf({ usage }: LedgerRow): Record<string, number> {
  return Object(JSON.parse(usage ?? "{}"));
}

/** `How many` at `At` makes `Makes`; together they make what was booked, and count each token once. */
function expectLines(lines: readonly Cells[], row: LedgerRow): void {
  const many = (line: Cells) => Number(line["How many"]?.replaceAll(",", ""));
  for (const line of lines) {
    const [, price = "", per = "1"] = /^(\S+) (?:each|per ([\d,]+))/.exec(line["At"] ?? "") ?? [];
    const makes = (many(line) * nanoOf(price)) / Number(per.replaceAll(",", ""));
    expect(nanoOf(line["Makes"] ?? "")).toBeCloseTo(makes, 5);
  }
  const sum = lines.reduce((total, line) => total + nanoOf(line["Makes"] ?? ""), 0);
  expect(Math.round(sum)).toBe(row.cost ?? -1);
  if (lines.length === 1) return;
  const { input = 0, output = 0 } = usageOf(row);
  expect(lines.reduce((total, line) => total + many(line), 0)).toBe(input + output);
}

browserTest(
  "audit and config: how many there are",
  async () => {
    await using tab = new Tab(gateway);
    await tab.signIn("/ui/audit");
    await tab.shows(`${ledger.audits()} in all`);

    await go(tab, "/ui/config");
    await settles(
      async () => columns([await statsOf(tab)], ["Faults", "Routes", "Off"]),
      [["0", String(endpointsInFile - 1), "1"]],
    );
    const { sections } = await ask("/config/report");
    const keysInFile = sections.flatMap((one: { rows: unknown[] }) => one.rows).length;
    expect((await statsOf(tab))["Keys in the report"]).toBe(count(keysInFile));
  },
  limitMs,
);

browserTest(
  "a call that is tried out is shown as it was booked",
  async () => {
    await using tab = new Tab(gateway);
    await tab.signIn("/ui/test?route=priced");
    await tab.press("Send");
    await tab.shows("Done in");

    const href = await tab.until(`document.querySelector('main a[href*="/logs/"]')?.href`);
    const row = await written(String(href).split("/").at(-1) ?? "");
    await tab.shows(`Done in ${duration(row.durationMs)}: status 200, ${bytes(row.bytesOut)}.`);
    expect((await statsOf(tab))["Cost"]).toBe(moneyText(row.cost));
    expect(await tab.view.evaluate(`document.querySelector(".money").title`)).toBe(
      exactText(row.cost ?? -1),
    );
    const used = Object.values(usageOf(row));
    expect(used.length).toBeGreaterThan(1);
    const units = (await statsOf(tab))["Tokens and units"]?.match(/[\d,]+/g) ?? [];
    expect([...units]).toEqual(used.map(count));
    const spans = `[...document.querySelectorAll(".time-bars .end")].map((one) => one.innerText)`;
    const { overheadMs: own, firstByteMs: first, durationMs: whole } = row;
    const parts = [own, (first ?? 0) - (own ?? 0), whole - (first ?? 0), whole];
    expect(await tab.view.evaluate(spans)).toEqual(parts.map(duration));
  },
  limitMs,
);

/** The row of a call, once it is in the file. */
async function written(id: string): Promise<LedgerRow> {
  for (const end = Date.now() + 5_000; Date.now() < end; await Bun.sleep(50)) {
    const row = ledger.rows().find((one) => one.id === id);
    if (row !== undefined) return row;
    await ask("/spend/logs/v2"); // what reads the rows has them written before
  }
  throw new Error(`no row of ${id}`);
}

browserTest(
  "what calls under way have on hold is shown until they end",
  async () => {
    await using tab = new Tab(gateway);
    const waiting = fetch(`${gateway.url}/flat/wait`, {
      method: "POST",
      headers: { authorization: `Bearer ${house.idleKey}` },
    });
    await tab.signIn(`/ui/keys/${keys["idle"]}`);
    const budget = async () => (await statsOf(tab, "Budget"))["On hold"];

    await settles(budget, "$0.0042");
    await tab.shows("$0.00 of $12.00 in all, $0.0042 more on hold");
    await go(tab, "/ui/health");
    await settles(async () => (await statsOf(tab, "This process"))["Calls under way"], "1");
    house.release();
    expect((await waiting).status).toBe(200);
    await tab.open(`/ui/keys/${keys["idle"]}`);

    await settles(budget, "$0.00");
    await tab.shows("$0.0042 of $12.00 in all");
  },
  limitMs,
);
