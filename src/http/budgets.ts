import { type Static, Type } from "@sinclair/typebox";
import { Elysia } from "elysia";
import { type Duration, periodAt } from "../core/duration.ts";
import { everybody, keyScope, routeScope, teamScope } from "../core/journal.ts";
import type { KeyBook } from "../core/key-book.ts";
import type { KeyRecord, PayerRecord } from "../core/key-record.ts";
import type { Limits } from "../core/limits.ts";
import { usdOfNano } from "../core/money.ts";
import type { SpendReader, Standings } from "../core/spend.ts";
import { type AdminDeps, adminAuth } from "./admin-auth.ts";
import { inSlices } from "./in-slices.ts";
import { adminRoute } from "./operation.ts";
import { nullable, Time, timeText } from "./payer-shape.ts";

/** What budgets are read from, beside the admin API's own. */
export interface BudgetParts {
  readonly reader: Pick<SpendReader, "sums">;
  /** `general_settings`' limits of everybody together. */
  readonly everybody: () => Limits;
}

/** Keys by their budgets, and teams: so many at once. */
const pageSize = 1_000;
/** Teams beyond are not looked at. */
const mostPages = 10;
const longestList = 200;

/** `GET /health/budgets`: how much of each budget is used, those at their end first. */
export const budgets = (deps: AdminDeps, parts: BudgetParts, now: () => number = Date.now) =>
  new Elysia({ name: "budgets" }).use(adminAuth(deps)).get(
    "/health/budgets",
    async () => {
      const { book, standings } = deps;
      const keys = keysToLookAt(book);
      const spenders = keys.areAll ? [] : await parts.reader.sums(["key"], {});
      const at = now();
      const found = await inSlices(
        standingOf(
          payers(
            deps,
            parts,
            keys,
            spenders.map(({ names }) => names.key),
          ),
          standings,
          at,
        ),
      );
      found.sort((a, b) => b.share - a.share);
      return Response.json({
        budgets: found.slice(0, longestList),
        total: found.length,
        complete: keys.areAll,
      });
    },
    adminRoute(told),
  );

interface Payer {
  readonly kind: "key" | "team" | "route" | "everybody";
  readonly id: string;
  readonly name: string;
  readonly scope: string;
  readonly limits: Limits;
  /** As it was written; null where that is not known. */
  readonly duration: string | null;
}

interface KeysFound {
  readonly keys: readonly KeyRecord[];
  /** No other key has a budget. */
  readonly areAll: boolean;
}

/** The keys with the smallest budgets: all of them, as a rule. */
function keysToLookAt(book: KeyBook): KeysFound {
  const order = { by: "maxBudget", descending: false } as const; // those without one come last
  const { items, total } = book.list({}, order, { page: 1, size: pageSize });
  const keys = items.filter(({ limits }) => limits.budget !== null);
  return { keys, areAll: keys.length < items.length || total <= items.length };
}

/** Where there are more keys with budgets than are looked at, those that spent most are looked at too. */
function* payers(
  { book, rules }: AdminDeps,
  parts: BudgetParts,
  { keys }: KeysFound,
  spenders: readonly string[],
): Generator<Payer | null> {
  const all = { kind: "everybody", id: "", name: "Everybody together", duration: null } as const;
  yield { ...all, scope: everybody, limits: parts.everybody() };
  for (const { id, path, limits } of rules().routes.all) {
    yield { kind: "route", id, name: path, scope: routeScope(id), limits, duration: null };
  }
  for (let page = 1; page <= mostPages; page += 1) {
    const { items } = book.teams({ page, size: pageSize });
    for (const team of items)
      yield payerOf("team", team.alias ?? team.id, teamScope(team.id), team);
    if (items.length < pageSize) break;
  }
  const seen = new Set(keys.map(({ id }) => id));
  for (const key of keys) yield keyPayer(key);
  for (const id of spenders) {
    const key = id === "" || seen.has(id) ? null : book.key(id);
    yield key === null ? null : keyPayer(key);
  }
}

function keyPayer(key: KeyRecord): Payer {
  return payerOf("key", key.alias ?? key.name, keyScope(key.id), key);
}

function payerOf(kind: Payer["kind"], name: string, scope: string, record: PayerRecord): Payer {
  const { id, limits, budgetDuration: duration } = record;
  return { kind, id, name, scope, limits, duration };
}

/** One step for each payer, so that calls can go on in between. */
function* standingOf(
  all: Iterable<Payer | null>,
  standings: Standings,
  now: number,
): Generator<void, BudgetShape[]> {
  const shown: BudgetShape[] = [];
  for (const payer of all) {
    yield;
    const budget = payer?.limits.budget ?? null;
    if (payer !== null && budget !== null) shown.push(shapeOf(payer, budget, standings, now));
  }
  return shown;
}

function shapeOf(
  { kind, id, name, scope, duration }: Payer,
  budget: NonNullable<Limits["budget"]>,
  standings: Standings,
  now: number,
): BudgetShape {
  const { spentNanoUsd, heldNanoUsd, periodStart } = standings.standing(scope, budget);
  const { maxNanoUsd, period } = budget;
  const used = spentNanoUsd + heldNanoUsd;
  return {
    kind,
    id,
    name,
    max_budget: usdOfNano(maxNanoUsd),
    spend: usdOfNano(spentNanoUsd),
    held: usdOfNano(heldNanoUsd),
    budget_duration: duration ?? (period === null ? null : written(period)),
    budget_reset_at:
      period === null ? null : timeText(periodAt(period, Math.max(now, periodStart)).end),
    share: maxNanoUsd === 0 ? 1 : used / maxNanoUsd,
  };
}

/** In days where that fits, else in seconds. */
function written(period: Duration): string {
  if (period.kind === "months") return `${period.months}mo`;
  const days = period.ms / 86_400_000;
  return Number.isInteger(days) ? `${days}d` : `${period.ms / 1000}s`;
}

const BudgetShape = Type.Object({
  kind: Type.String({ description: "key, team, route or everybody" }),
  id: Type.String({ description: "Empty for everybody." }),
  name: Type.String({ description: "Of a key or a team the alias, of a route the path." }),
  max_budget: Type.Number(),
  spend: Type.Number({ description: "USD in this budget_duration, or in all." }),
  held: Type.Number({ description: "USD that calls under way have on hold." }),
  budget_duration: nullable(Type.String()),
  budget_reset_at: nullable(Time),
  share: Type.Number({ description: "What is spent and held, of max_budget: 1 is all of it." }),
});
type BudgetShape = Static<typeof BudgetShape>;

const told = {
  tag: "health",
  summary: "Budgets, those nearest to their end first",
  description: `Of keys, teams, routes and everybody together; ${longestList} at most. Where more than ${pageSize} keys have budgets, the smallest budgets and the keys that spent most are looked at, and complete is false.`,
  reply: Type.Object({
    budgets: Type.Array(BudgetShape),
    total: Type.Integer({ description: "Budgets that were looked at." }),
    complete: Type.Boolean({ description: "All budgets of keys were looked at." }),
  }),
};
