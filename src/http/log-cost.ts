import { Type } from "@sinclair/typebox";
import { Elysia } from "elysia";
import { writtenUnit } from "../config/unit-names.ts";
import { GatewayError } from "../core/errors.ts";
import { type NanoUsd, usdOfNano } from "../core/money.ts";
import type { ChargedLine, Prices } from "../core/pricing.ts";
import type { Route } from "../core/routes.ts";
import type { SpendReader } from "../core/spend.ts";
import type { CallRow } from "../core/types.ts";
import { type Unit, type Usage, units } from "../core/usage.ts";
import { type AdminDeps, adminAuth } from "./admin-auth.ts";
import { adminRoute } from "./operation.ts";
import { nullable } from "./payer-shape.ts";

/**
 * `GET /spend/logs/ui/{request_id}/cost`: how a call's cost comes about, line by line, by the prices that hold now.
 * `prices`: for calls of routes that are gone.
 */
export const logCost = (deps: AdminDeps, reader: Pick<SpendReader, "rows">, prices: () => Prices) =>
  new Elysia({ name: "log-cost" }).use(adminAuth(deps)).get(
    "/spend/logs/ui/:request_id/cost",
    async ({ params }) => {
      const order = { by: "startedAt", descending: true } as const;
      const { items } = await reader.rows({ id: params.request_id }, order, { page: 1, size: 1 });
      const [row] = items;
      if (row === undefined) throw new GatewayError("not_found");
      const route = deps.rules().routes.all.find(({ id }) => id === row.route) ?? null;
      return Response.json(await costOf(row, route, route?.metering?.prices ?? prices()));
    },
    adminRoute(worked),
  );

/** What of a route decides costs. */
export type CostRule = Pick<Route, "costNanoUsd" | "trustsUpstreamCost">;

/** `route`: as it is now; null where it is gone. */
export async function costOf(row: CallRow, route: CostRule | null, prices: Prices) {
  const charged = await chargedFor(row, prices);
  const sum = charged === null ? null : sumOf(charged);
  const basis = basisOf(row, route, sum);
  const lines = basis === "flat" ? [flatLine(row.costNanoUsd ?? 0)] : (charged ?? []).map(lineOf);
  const total = basis === "flat" ? row.costNanoUsd : sum;
  return {
    lines: showsLines.has(basis)
      ? lines.toSorted((one, other) => one.place - other.place).map(written)
      : [],
    total_usd: total === null || !showsLines.has(basis) ? null : usdOfNano(total),
    booked_usd: row.costNanoUsd === null ? null : usdOfNano(row.costNanoUsd),
    adds_up: (basis === "flat" || basis === "usage") && total === row.costNanoUsd,
    basis,
    estimated: row.estimated,
    note: notes[basis],
  };
}

type Basis = keyof typeof notes;

/** In the order in which costs are decided. */
function basisOf(row: CallRow, route: CostRule | null, sum: NanoUsd | null): Basis {
  const { costNanoUsd: booked, unpriced, usage, status, error } = row;
  if (booked === null) return "unknown";
  if (unpriced !== null) return "held";
  if (booked === 0 && (status >= 400 || error !== null)) return "failed";
  if (route?.costNanoUsd === booked) return "flat";
  if (sum === booked) return "usage";
  if (booked === 0 && usage === null) return "free";
  if (route?.trustsUpstreamCost === true) return "upstream";
  return row.estimated ? "estimated" : "changed";
}

const showsLines: ReadonlySet<Basis> = new Set(["flat", "usage", "estimated", "changed"]);

const notes = {
  usage: "What was used, at its prices.",
  flat: "The route's price for each call (cost_per_request).",
  failed: "A call that was refused or failed costs nothing.",
  free: "Nothing was used that has a price.",
  unknown: "The cost is not known: unpriced says why.",
  held: "Nobody can tell what the call used, so what was on hold for it under a budget was booked.",
  upstream: "Booked as the upstream told it (trust_upstream_cost), whatever the prices here are.",
  estimated:
    "An estimate was booked: what was on hold, or the dearest of several models that the request named. The lines are what the model in the record costs.",
  changed:
    "Booked by other prices or settings than those of now: the lines are what the call would cost today.",
} as const;

/** As when it was booked: what was guessed of a model without a price of output has none. */
async function chargedFor(
  { provider, model, usage, startedAt, durationMs, estimated }: CallRow,
  prices: Prices,
): Promise<readonly ChargedLine[] | null> {
  if (usage === null) return null;
  const at = startedAt + durationMs;
  const lines = (of: Usage) => prices.lines({ provider, model, usage: of, at });
  return (await lines(usage)) ?? (estimated ? await lines({ ...usage, output: 0 }) : null);
}

/** In the order of charging, and rounded once: to the nano-dollar what was booked. */
function sumOf(lines: readonly ChargedLine[]): NanoUsd {
  return Math.round(lines.reduce((sum, { count, nanoUsdEach }) => sum + count * nanoUsdEach, 0));
}

interface Line {
  readonly place: number;
  readonly unit: string;
  readonly count: number;
  readonly per: number;
  readonly nanoUsdEach: number;
  readonly above: number | null;
  readonly source: string;
}

function lineOf({ unit, ...rest }: ChargedLine): Line {
  return { ...rest, place: units.indexOf(unit), unit: writtenUnit(unit), per: perOf(unit) };
}

function flatLine(nanoUsd: NanoUsd): Line {
  return {
    place: 0,
    unit: "call",
    count: 1,
    per: 1,
    nanoUsdEach: nanoUsd,
    above: null,
    source: "route",
  };
}

/** Prices of what comes in thousands are told for a million. */
function perOf(unit: Unit): number {
  return singly.has(unit) ? 1 : 1_000_000;
}

const singly: ReadonlySet<Unit> = new Set([
  "pages",
  "annotatedPages",
  "seconds",
  "images",
  "searchUnits",
  "webSearches",
  "requests",
]);

function written({ unit, count, per, nanoUsdEach, above, source }: Line) {
  const usd_per = usdOfFraction(nanoUsdEach * per);
  return { unit, count, usd_per, per, usd: usdOfFraction(count * nanoUsdEach), above, source };
}

/** Fractions of a nano-dollar too, without the noise of the arithmetic. */
function usdOfFraction(nano: number): number {
  return Number((nano / 1e9).toPrecision(15));
}

const Amount = nullable(Type.Number());

const worked = {
  tag: "spend",
  summary: "How a call's cost comes about",
  description:
    "Line by line, by the prices that hold now. Lines hold fractions of a nano-dollar: their sum is rounded once.",
  reply: Type.Object({
    lines: Type.Array(
      Type.Object({
        unit: Type.String(),
        count: Type.Number({ description: "Without its parts that have lines of their own." }),
        usd_per: Type.Number(),
        per: Type.Integer({ description: "usd_per is for so many." }),
        usd: Type.Number(),
        above: nullable(
          Type.Integer({ description: "The price is for calls with more input tokens than this." }),
        ),
        source: Type.String({ description: "route, model_list my-model, openai/gpt-4o." }),
      }),
    ),
    total_usd: Amount,
    booked_usd: Amount,
    adds_up: Type.Boolean({ description: "The lines make what was booked, to the nano-dollar." }),
    basis: Type.String({ description: Object.keys(notes).join(", ") }),
    estimated: Type.Boolean(),
    note: Type.String(),
  }),
};
