import { Type } from "@sinclair/typebox";
import type { KeyBook } from "../core/key-book.ts";
import { usdOfNano } from "../core/money.ts";
import {
  maxSums,
  type SpendReader,
  type SpendSum,
  type SumFilter,
  type SumGroup,
} from "../core/spend.ts";
import { refuse } from "./field-faults.ts";
import { memo } from "./spend-shape.ts";

const dayMs = 86_400_000;

/** A day of `/spend/logs`: besides these, each key's id with what it spent. */
export const SummaryShape = Type.Object({
  startTime: Type.String(),
  spend: Type.Number(),
  users: Type.Record(Type.String(), Type.Number()),
  models: Type.Record(Type.String(), Type.Number()),
});

type Sum = SpendSum<never>;

/** Throws `request_invalid` for a report that is too long to be made. */
export function bounded<Line>(lines: readonly Line[]): readonly Line[] {
  if (lines.length <= maxSums) return lines;
  throw refuse([
    `start_date, end_date: the answer would have more than ${maxSums} lines; ask for a shorter time.`,
  ]);
}

/** Sums by day, as LiteLLM's `summarize` has them: up to the last day, those without calls too. */
export async function dailySummary(reader: SpendReader, filter: SumFilter): Promise<unknown[]> {
  const { keyIds, userId, since, until } = filter;
  const asked = {
    ...(keyIds === undefined ? {} : { keyIds }),
    ...(userId === undefined ? {} : { userId }),
    ...(since === undefined ? {} : { since }),
    ...(until === undefined ? {} : { until }),
  };
  const sums = bounded(await reader.sums(["day", "key", "user", "model"], asked));
  const days = byDay(sums).map(([day, ofDay]) => ({
    ...spendBy("key", ofDay),
    spend: usdOfNano(nanoOf(ofDay)),
    users: spendBy("user", ofDay),
    models: spendBy("model", ofDay),
    startTime: day,
  }));
  const last = days.at(-1)?.startTime;
  return last === undefined || until === undefined ? days : [...days, ...daysAfter(last, until)];
}

function daysAfter(last: string, until: number): object[] {
  const first = Date.parse(last) + dayMs;
  const count = Math.min(Math.max(0, Math.ceil((until - first) / dayMs)), maxSums);
  return Array.from({ length: count }, (_, index) => ({
    startTime: dayText(first + index * dayMs),
    spend: 0,
    users: {},
    models: {},
  }));
}

function dayText(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}

function spendBy<Group extends string>(group: Group, sums: readonly SpendSum<Group>[]) {
  const spend: Record<string, number> = {};
  for (const [name, ofName] of groupBy(sums, ({ names }) => names[group])) {
    spend[name] = usdOfNano(nanoOf(ofName));
  }
  return spend;
}

/** How a report groups: under which name LiteLLM's shape has the list, and its entries. */
const groups = {
  team: { list: "teams", entry: "team_name" },
  customer: { list: "customers", entry: "customer" },
  user: { list: "users", entry: "user" },
  route: { list: "routes", entry: "route" },
  model: { list: "models", entry: "model" },
} as const;

export type ReportGroup = keyof typeof groups;

const dimensions = {
  team: "team",
  customer: "endUser",
  user: "user",
  route: "route",
  model: "model",
} as const satisfies Record<ReportGroup, SumGroup>;

/** By day and group, and in each group by model and key; without these where they are too many. */
export async function groupReport(
  reader: SpendReader,
  book: KeyBook,
  group: ReportGroup,
  filter: SumFilter,
): Promise<unknown[]> {
  const dimension: SumGroup = dimensions[group];
  const by: SumGroup[] = [...new Set<SumGroup>(["day", dimension, "model", "key"])];
  const details = await reader.sums(by, filter);
  const isLong = details.length > maxSums;
  const sums = isLong ? bounded(await reader.sums(["day", dimension], filter)) : details;
  const detailsOf = Map.groupBy(
    isLong ? [] : details,
    ({ names }) => `${names.day} ${names[dimension]}`,
  );
  const teamName = memo((id) => (id === "" ? "Unassigned Team" : (book.team(id)?.alias ?? id)));
  const { list, entry } = groups[group];
  return byDay(sums).map(([day, ofDay]) => ({
    group_by_day: `${day}T00:00:00+00:00`,
    [list]: groupBy(ofDay, ({ names }) => names[dimension]).map(([name, ofName]) => ({
      [entry]: group === "team" ? teamName(name) : name,
      ...(group === "team" ? { team_id: name } : {}),
      ...totals(ofName),
      metadata: (detailsOf.get(`${day} ${name}`) ?? []).map((sum) => ({
        model: sum.names.model,
        spend: spendOf([sum]),
        total_tokens: sum.promptTokens + sum.completionTokens,
        api_key: sum.names.key,
        calls: sum.calls,
      })),
    })),
  }));
}

/** By key, and in each key by model. */
export async function keyReport(reader: SpendReader, filter: SumFilter): Promise<unknown[]> {
  const sums = bounded(await reader.sums(["key", "model"], filter));
  return groupBy(sums, ({ names }) => names.key).map(([key, ofKey]) => {
    const { total_spend: total_cost, ...counts } = totals(ofKey);
    const models = ofKey.map((sum) => ({
      model: sum.names.model,
      total_cost: spendOf([sum]),
      total_input_tokens: sum.promptTokens,
      total_output_tokens: sum.completionTokens,
    }));
    return { api_key: key, total_cost, ...counts, model_details: models };
  });
}

/** By day and tag, and in each tag by key; without these where they are too many. */
export async function tagReport(
  reader: SpendReader,
  filter: Omit<SumFilter, "userId">,
): Promise<unknown[]> {
  const details = await reader.tagSums(["day", "tag", "key"], filter);
  const isLong = details.length > maxSums;
  const sums = isLong ? bounded(await reader.tagSums(["day", "tag"], filter)) : details;
  const detailsOf = Map.groupBy(isLong ? [] : details, ({ names }) => `${names.day} ${names.tag}`);
  return byDay(sums).map(([day, ofDay]) => ({
    group_by_day: `${day}T00:00:00+00:00`,
    tags: groupBy(ofDay, ({ names }) => names.tag).map(([tag, ofTag]) => ({
      tag,
      ...totals(ofTag),
      metadata: (detailsOf.get(`${day} ${tag}`) ?? []).map((sum) => ({
        spend: spendOf([sum]),
        api_key: sum.names.key,
      })),
    })),
  }));
}

export async function dayReport(reader: SpendReader, filter: SumFilter): Promise<unknown[]> {
  const sums = bounded(await reader.sums(["day"], filter));
  return sums.map((sum) => ({
    group_by_day: `${sum.names.day}T00:00:00+00:00`,
    ...totals([sum]),
  }));
}

export function totals(sums: readonly Sum[]) {
  return {
    total_spend: spendOf(sums),
    calls: sums.reduce((total, { calls }) => total + calls, 0),
    failed: sums.reduce((total, { failed }) => total + failed, 0),
    unpriced: sums.reduce((total, { unpriced }) => total + unpriced, 0),
    total_input_tokens: sums.reduce((total, { promptTokens }) => total + promptTokens, 0),
    total_output_tokens: sums.reduce((total, { completionTokens }) => total + completionTokens, 0),
  };
}

/** USD; null where nothing is known of any of the calls. */
function spendOf(sums: readonly Sum[]): number | null {
  return sums.every(({ calls, unpriced }) => calls === unpriced) ? null : usdOfNano(nanoOf(sums));
}

function nanoOf(sums: readonly Sum[]): number {
  return sums.reduce((total, { spendNanoUsd }) => total + spendNanoUsd, 0);
}

function byDay<One extends SpendSum<"day">>(sums: readonly One[]) {
  return groupBy(sums, ({ names }) => names.day);
}

/** In the order in which the names are first met. */
function groupBy<One>(
  all: readonly One[],
  nameOf: (one: One) => string,
): [name: string, ones: One[]][] {
  return [...Map.groupBy(all, nameOf)];
}
