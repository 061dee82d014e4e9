import type { CountedRow } from "./ledger-added-rows.ts";
import type { CallNames } from "./ledger-names.ts";
import { dayMs, type SpendGroup } from "./ledger-roll-ups.ts";

/** Calls are added up in here, before they go to the roll-ups. */
export interface GatheredGroups {
  add(row: CountedRow): void;
  clear(): void;
  /** How many groups there are. */
  size(): number;
  /** All calls, by the names of `dailyRollUp`. */
  calls(): SpendGroup[];
  /** Calls with tags, by the names of `tagRollUp`. */
  tagged(): SpendGroup[];
}

export function gatherGroups(): GatheredGroups {
  const calls = new Map<string, Sum>();
  const tagged = new Map<string, Sum>();
  const last = new Map<CallNames, Sum>();
  return {
    add: (row) => {
      const day = Math.floor(row.startedAt / dayMs);
      const lastSum = row.names === null ? undefined : last.get(row.names);
      const isLast = lastSum?.day === day && lastSum.names[5] === (row.endUser ?? "");
      const sum = isLast ? lastSum : sumOf(calls, day, row);
      if (row.names !== null && !isLast) last.set(row.names, sum);
      addTo(sum, row);
      for (const tag of row.tags) addTo(tagSumOf(tagged, day, row, tag), row);
    },
    clear: () => [calls, tagged, last].forEach((map) => map.clear()),
    size: () => calls.size + tagged.size,
    calls: () => [...calls.values()].map(groupOf),
    tagged: () => [...tagged.values()].map(groupOf),
  };
}

type Sums = Map<string, Sum>;

function sumOf(calls: Sums, day: number, row: CountedRow): Sum {
  const { key, team, user, route } = row;
  const [model, endUser] = [row.model ?? "", row.endUser ?? ""];
  const name = `${day} ${key} ${team} ${user} ${route} ${model.length} ${model}${endUser}`;
  return (
    calls.get(name) ??
    added(calls, name, emptySum(day, [key ?? 0, team ?? 0, user ?? 0, route, model, endUser]))
  );
}

function tagSumOf(tagged: Sums, day: number, { key, team }: CountedRow, tag: string): Sum {
  const name = `${day} ${key} ${team} ${tag}`;
  return tagged.get(name) ?? added(tagged, name, emptySum(day, [key ?? 0, team ?? 0, tag]));
}

function added(sums: Sums, name: string, sum: Sum): Sum {
  sums.set(name, sum);
  return sum;
}

type Mutable<Type> = { -readonly [Name in keyof Type]: Type[Name] };

/** Costs are numbers while these are exact. */
interface Sum extends Mutable<SpendGroup> {
  cost: number;
}

function emptySum(day: number, names: SpendGroup["names"]): Sum {
  return {
    day,
    names,
    calls: 0,
    failed: 0,
    unpriced: 0,
    costNano: 0n,
    cost: 0,
    promptTokens: 0,
    completionTokens: 0,
  };
}

function addTo(sum: Sum, { failed, costNanoUsd, promptTokens, completionTokens }: CountedRow) {
  sum.calls += 1;
  sum.failed += failed;
  if (costNanoUsd === null) sum.unpriced += 1;
  else if (Number.isSafeInteger(sum.cost + costNanoUsd)) sum.cost += costNanoUsd;
  else {
    sum.costNano += BigInt(sum.cost);
    sum.cost = costNanoUsd;
  }
  if (promptTokens !== null) sum.promptTokens += promptTokens;
  if (completionTokens !== null) sum.completionTokens += completionTokens;
}

function groupOf({ cost, costNano, ...sum }: Sum): SpendGroup {
  return { ...sum, costNano: costNano + BigInt(cost) };
}
