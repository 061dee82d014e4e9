import { everybody, keyScope, modelScope, routeScope, teamScope } from "../core/journal.ts";
import type { PayerRecord, Principal } from "../core/key-record.ts";
import type { Limits, ModelLimits } from "../core/limits.ts";
import type { Route } from "../core/routes.ts";
import type { Tally, TallyBook } from "./tally.ts";

/** One level that a call has to pass: its limits, and what is used of them. */
export interface Level {
  /** For people. */
  readonly whose: string;
  readonly limits: Limits;
  readonly modelLimits: ModelLimits | null;
  readonly models: readonly string[];
  readonly tally: Tally;
  /** The tally of one model. */
  readonly model: (name: string) => Tally;
}

/** What a route is to its level. */
export type RouteLimits = Pick<Route, "id" | "limits">;

/** The levels of calls: key, team, route, everybody together, in this order. */
export class Levels {
  readonly #book: TallyBook;
  readonly #everybody: () => Limits;
  /** A record that changes is another object, so a level never outlives the limits it was made of. */
  readonly #made = new WeakMap<object, Level>();

  constructor(book: TallyBook, everybodyLimits: () => Limits) {
    this.#book = book;
    this.#everybody = everybodyLimits;
  }

  of(principal: Principal, route: RouteLimits): Level[] {
    const levels: Level[] = [];
    if (principal.kind === "key") {
      const { key, team } = principal;
      levels.push(this.#payer(key, keyScope(key.id), "key"));
      if (team !== null) levels.push(this.#payer(team, teamScope(team.id), "team"));
    }
    levels.push(this.#route(route), this.#all());
    return levels;
  }

  #payer(record: PayerRecord & { readonly name?: string }, scope: string, kind: string): Level {
    const known = this.#made.get(record);
    if (known !== undefined) return known;
    const name = record.alias ?? record.name ?? record.id;
    return this.#keep(record, {
      whose: `the ${kind} ${name}`,
      limits: record.limits,
      modelLimits: record.modelLimits,
      models: record.models,
      tally: this.#book.of(scope),
      model: (model) => this.#book.of(modelScope(scope, model)),
    });
  }

  #route(route: RouteLimits): Level {
    const known = this.#made.get(route);
    if (known !== undefined) return known;
    const scope = routeScope(route.id);
    return this.#keep(route, plain(`the route ${route.id}`, route.limits, this.#book.of(scope)));
  }

  #all(): Level {
    const limits = this.#everybody();
    const known = this.#made.get(limits);
    if (known !== undefined) return known;
    return this.#keep(limits, plain("everybody together", limits, this.#book.of(everybody)));
  }

  #keep(owner: object, level: Level): Level {
    this.#made.set(owner, level);
    return level;
  }
}

function plain(whose: string, limits: Limits, tally: Tally): Level {
  return { whose, limits, modelLimits: null, models: [], tally, model: () => tally };
}

/** A limit or a list of models stands over the caller. */
export function needsModel(levels: readonly Level[]): boolean {
  return levels.some(({ models, modelLimits }) => models.length > 0 || modelLimits !== null);
}

/** A budget stands over the caller. */
export function needsCost(levels: readonly Level[]): boolean {
  return levels.some(
    ({ limits, modelLimits }) =>
      limits.budget !== null ||
      (modelLimits !== null && Object.keys(modelLimits.budgets).length > 0),
  );
}

/** A limit on tokens stands over the caller. */
export function needsTokens(levels: readonly Level[]): boolean {
  return levels.some(
    ({ limits, modelLimits }) =>
      limits.tpm !== null || (modelLimits !== null && Object.keys(modelLimits.tpm).length > 0),
  );
}
