import { afterAll, expect } from "bun:test";
import { count, duration, percent } from "../../src/ui/format.ts";
import { browserTest, Tab } from "./browser.ts";
import { servedRoutes, startNumbersHouse } from "./numbers-house.ts";
import { Ledger, type LedgerSum, named } from "./numbers-ledger.ts";
import { answeredOf, expectNear } from "./numbers-near.ts";
import { chartOf, columns, go, inAnyOrder, settles, statsOf, tableOf } from "./numbers-seen.ts";
import { exactText, moneyText } from "./numbers-text.ts";

const limitMs = 30_000;
const house = await startNumbersHouse();
const { gateway, keys } = house;
const ledger = new Ledger(house.dataDir);
const rows = ledger.rows();
const whole = ledger.whole();

afterAll(async () => {
  ledger[Symbol.dispose]();
  await house[Symbol.asyncDispose]();
});

const pathOf = (route: string) => (servedRoutes.some((id) => id === route) ? `/${route}` : route);
const spentOf = (alias: string) => ledger.spent(`key:${keys[alias]}`);

function budgetText(spent: number, nano: number | undefined, period = "all"): string {
  if (nano === undefined) return "none";
  return `${moneyText(spent)} of ${moneyText(nano)} in ${period}`;
}

browserTest(
  "keys: what was spent, and how much of a budget that is",
  async () => {
    await using tab = new Tab(gateway);
    await tab.signIn("/ui/keys");

    const budgets = new Map([
      ["web", 5_000_000_000_000],
      ["near", 10_000_000],
      ["idle", 12_000_000_000],
    ]);
    const wanted = Object.keys(keys)
      .map((alias) => {
        const period = alias === "web" ? "30d" : "all";
        const spent = spentOf(alias);
        return [alias, moneyText(spent), budgetText(spent, budgets.get(alias), period)];
      })
      .toSorted(); // several were made within the same millisecond
    const shown = async () => {
      const lines = columns(await tableOf(tab, "Keys"), ["Alias", "Spend", "Budget"]);
      return lines
        .map(([alias, spend, budget]) => [alias, spend, budget?.replace(/, resets .*$/, "")])
        .toSorted();
    };
    await settles(shown, wanted);
    for (const [alias, id] of Object.entries(keys)) {
      expect(ledger.whole(named("key", id)).nano ?? 0).toBe(spentOf(alias));
    }
    await tab.view.cdp("Emulation.setTimezoneOverride", { timezoneId: "America/New_York" });
    await tab.open(`/ui/keys/${keys["web"]}`);
    await expectUsage(tab, named("key", keys["web"] ?? ""), spentOf("web"));
    const latest = rows.filter(({ key }) => key === keys["web"]).slice(0, 5);
    await settles(
      async () => columns(await tableOf(tab, "Latest calls"), ["Status", "Duration", "Cost"]),
      latest.map(({ status, durationMs, cost }) => [
        String(status),
        duration(durationMs),
        moneyText(cost),
      ]),
    );
    const bar = `document.querySelector("[role=progressbar]").getAttribute("aria-valuenow")`;
    expect(await tab.until(bar)).toBe(String(Math.round((spentOf("web") / 5e12) * 100)));
  },
  limitMs,
);

browserTest(
  "teams: what was spent by all of its keys",
  async () => {
    await using tab = new Tab(gateway);
    await tab.signIn("/ui/teams");

    const spent = ledger.spent("team:design");
    expect(ledger.whole(named("team", "design")).nano).toBe(spent);
    await settles(
      async () => columns(await tableOf(tab, "Teams"), ["Team", "Spend", "Budget"]),
      [["Design", moneyText(spent), budgetText(spent, 60_000_000)]],
    );
    await tab.open("/ui/teams/design");
    await expectUsage(tab, named("team", "design"), spent);
    expect(columns(await tableOf(tab, "Keys of this team"), ["Alias", "Spend"])).toEqual([
      ["app", moneyText(spentOf("app"))],
    ]);
  },
  limitMs,
);

/** The cards of a key or a team. */
async function expectUsage(tab: Tab, where: string, spent: number): Promise<void> {
  const sum = ledger.whole(where);
  const budget = async () => Object.values(await statsOf(tab, "Budget")).slice(0, 2);
  await settles(budget, [moneyText(spent), "$0.00"]);
  await settles(
    async () => Object.values(await statsOf(tab, "Usage")),
    [moneyText(sum.nano), ...[sum.calls, sum.failed, sum.tokensIn, sum.tokensOut].map(count)],
  );
  for (const group of ["model", "route"] as const) {
    const table = async () =>
      columns(await tableOf(tab, `Usage by ${group}`), ["Calls", "Failed", "Spend"]);
    await settles(
      table,
      ledger
        .sums(group, where)
        .map(({ calls, failed, nano }) => [count(calls), count(failed), moneyText(nano)]),
    );
  }
  const days = await chartOf(tab, "Spend by day");
  expect(days).toHaveLength(30);
  expect(days.at(-1)).toEqual({ Time: todayText(), Spend: moneyText(sum.nano) });
  expect(new Set(days.slice(0, -1).map((line) => line["Spend"]))).toEqual(new Set(["$0.00"]));
}

/** The day of the calls in UTC, as a chart tells it wherever its reader is. */
function todayText(): string {
  const form = { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" } as const;
  return `${new Intl.DateTimeFormat("en-GB", form).format(rows[0]?.startedAt)}, 00:00:00`;
}

const sumNames = ["Spend", "Calls", "Failed", "Unpriced", "Tokens in", "Tokens out"];

function sumTexts({ nano, ...sum }: LedgerSum): string[] {
  const { calls, failed, unpriced, tokensIn, tokensOut } = sum;
  return [moneyText(nano), ...[calls, failed, unpriced, tokensIn, tokensOut].map(count)];
}

const groups = [
  ["route", "route", ledger.sums("route")],
  ["api_key", "key", ledger.sums("api_key")],
  ["team", "team", ledger.sums("team")],
  ["model", "model", ledger.sums("model")],
  ["user", "user", ledger.sums("user")],
  ["customer", "end user", ledger.sums("customer")],
  ["tag", "tag", ledger.tagSums()],
] as const;

browserTest(
  "spend: the totals, and every group's names, shares and chart",
  async () => {
    await using tab = new Tab(gateway);
    await tab.signIn("/ui/spend");
    for (const [group, word, sums] of groups) {
      await go(tab, `/ui/spend?group=${group}`);
      const table = () => tableOf(tab, `What each ${word} spent`);

      await settles(
        async () => inAnyOrder(columns(await table(), sumNames)),
        inAnyOrder(sums.map(sumTexts)),
      );
      expect(columns([await statsOf(tab)], sumNames)).toEqual([sumTexts(whole)]);
      const exact = `document.querySelector(".stat-value [title]").title`;
      expect(await tab.view.evaluate(exact)).toBe(exactText(whole.nano ?? -1));
      const shares = sums.map(({ nano }) =>
        nano === null ? "–" : percent(nano / (whole.nano ?? 1)),
      );
      expect(inAnyOrder(columns(await table(), ["Share of spend"]).flat())).toEqual(
        inAnyOrder(shares),
      );
      for (const [measure, title] of measures) {
        await go(tab, `/ui/spend?group=${group}&show=${measure}`);
        await expectToday(tab, `${title} by day and ${word}`, todayOf(sums, measure));
      }
    }
  },
  limitMs,
);

async function expectToday(tab: Tab, chart: string, wanted: readonly string[]): Promise<void> {
  const last = async () => {
    const { Time: _, ...today } = (await chartOf(tab, chart)).at(-1) ?? {};
    return inAnyOrder(Object.values(today));
  };
  await settles(last, inAnyOrder(wanted));
}

const measures = [
  ["spend", "Spend"],
  ["calls", "Calls"],
  ["tokens", "Tokens"],
  ["failed", "Failed calls"],
] as const;

type Measure = (typeof measures)[number][0];

/** Each name's amount of today; where there are more than eight, those behind the seventh together. */
function todayOf(sums: readonly LedgerSum[], measure: Measure): string[] {
  const amounts = sums
    .map((sum) => {
      if (measure === "tokens") return sum.tokensIn + sum.tokensOut;
      return measure === "spend" ? sum.nano : sum[measure];
    })
    .toSorted((one, other) => (other ?? 0) - (one ?? 0));
  const own = amounts.length > 8 ? amounts.slice(0, 7) : amounts;
  const rest = amounts.slice(own.length).reduce<number>((sum, one) => sum + (one ?? 0), 0);
  return [...own, ...(amounts.length > 8 ? [rest] : [])].map((amount) => {
    if (amount === null) return "–";
    return measure === "spend" ? moneyText(amount) : count(amount);
  });
}

browserTest(
  "spend: calls without a price, and budgets near their end",
  async () => {
    await using tab = new Tab(gateway);
    await tab.signIn("/ui/spend");

    const alike = Map.groupBy(
      rows.filter(({ why }) => why !== null),
      ({ route, model, why }) => [pathOf(route), model ?? "none named", why].join(),
    );
    const wanted = [...alike].map(([kind, ones]) => {
      const unknown = ones.filter(({ cost }) => cost === null).length;
      const [route, model] = kind.split(",");
      return [route, model, String(unknown), String(ones.length - unknown)];
    });
    const names = ["Route", "Model", "Cost unknown", "Hold was booked"];
    await settles(
      async () => inAnyOrder(columns(await tableOf(tab, "Calls without a price"), names)),
      inAnyOrder(wanted),
    );
    await tab.shows(`Of all ${rows.length} calls of these days`);
    await tab.shows("80 % or more is used of 2 of 5 budgets");
    await tab.shows(`${moneyText(ledger.spent("team:design"))} of $0.06`);
    await tab.shows(`${moneyText(spentOf("near"))} of $0.01`);
  },
  limitMs,
);

const percentileNames = [
  ["p50", 0.5],
  ["p90", 0.9],
  ["p95", 0.95],
  ["p99", 0.99],
] as const;

browserTest(
  "health: failures of today, of removed routes too; percentiles, refusals, losses",
  async () => {
    await using tab = new Tab(gateway);
    await tab.signIn("/ui/health");

    await tab.shows(`${whole.failed} calls of ${whole.calls} failed today: `);
    await tab.shows(`The cost of ${whole.unpriced} calls of today is not known.`);
    const failing = ledger.sums("route").filter(({ failed }) => failed > 0);
    await settles(
      async () => inAnyOrder((await tableOf(tab, "Today (UTC)")).map(Object.values)),
      inAnyOrder(
        failing.map(({ name, failed, calls }) => [
          pathOf(name),
          String(failed),
          String(calls),
          percent(failed / calls),
        ]),
      ),
    );
    const kinds = Map.groupBy(
      rows.filter(({ failed }) => failed === 1),
      ({ status, error, route }) =>
        [status, error ?? "the upstream's answer", pathOf(route)].join(),
    );
    await settles(
      async () => inAnyOrder((await tableOf(tab, "By status")).map(Object.values).map(String)),
      inAnyOrder([...kinds].map(([kind, { length }]) => `${kind},${length}`)),
    );
    await settles(
      async () => columns(await tableOf(tab, "Refusals by code"), ["Code", "Refused"]),
      ledger.refusals().map((refused) => [refused.code, String(refused.count)]),
    );
    const latencies = await tableOf(tab, "Latency by route");
    const answering = new Set(rows.map(({ route }) => route)).difference(new Set(["down"]));
    expect(latencies).toHaveLength(answering.size);
    for (const row of latencies) {
      const answered = answeredOf(rows, row["Route"]?.replace(/^\//, "") ?? "");
      expect(row["Calls"]).toBe(String(answered.length));
      for (const [name, share] of percentileNames) expectNear(row[name], answered, share);
    }
    const minutes = await chartOf(tab, "Refusals by minute and code");
    for (const { code, count: refused } of ledger.refusals()) {
      const drawn = minutes.reduce((sum, minute) => sum + Number(minute[code]), 0);
      expect(drawn).toBe(refused);
    }
    const lost = Object.values(await statsOf(tab, "This process"));
    expect(lost).toEqual(["0", "0", "0", "0", "0"]);
  },
  limitMs,
);
