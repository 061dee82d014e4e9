import { distinct, namingOf, type Naming } from "./names.ts";
import type { Group, Measure } from "./query.ts";
import { type LineReply, type Sums, sumsOf, together } from "../../sums.ts";

/** A name with all that its calls came to. */
export interface NameRow extends Naming {
  readonly name: string;
  readonly sums: Sums;
}

/** Lines of one or many days as one row for each name; the dearest first, then the most called. */
export function rowsOf(lines: readonly LineReply[], group: Group): NameRow[] {
  const rows = [...Map.groupBy(lines, ({ name }) => name)].map(([name, ofName]) => ({
    name,
    ...namingOf(group, name, ofName[0]?.alias ?? null),
    sums: together(ofName.map(sumsOf)),
  }));
  return rows.sort(
    (a, b) => amount(b.sums, "spend") - amount(a.sums, "spend") || b.sums.calls - a.sums.calls,
  );
}

/** What a chart shows of calls; null is not known. */
function measured(sums: Sums, measure: Measure): number | null {
  if (measure === "tokens") return sums.tokensIn + sums.tokensOut;
  return sums[measure];
}

function amount(sums: Sums, measure: Measure): number {
  return measured(sums, measure) ?? 0;
}

/** A row's part of the whole; null where either is not known, or the whole is nothing. */
export function shareOf(sums: Sums, whole: Sums, measure: Measure): number | null {
  const [part, all] = [measured(sums, measure), measured(whole, measure)];
  return part === null || all === null || all === 0 ? null : part / all;
}

export interface Series {
  readonly label: string;
  readonly values: readonly (number | null)[];
}

/** Names in a chart beside all others together: there are eight colours. */
export const mostNames = 7;

/** One line for each of the names that have most, and one for all others together; a day without calls is 0. */
export function seriesOf(
  lines: readonly LineReply[],
  rows: readonly NameRow[],
  days: readonly string[],
  measure: Measure,
): Series[] {
  const ordered = rows.toSorted((a, b) => amount(b.sums, measure) - amount(a.sums, measure));
  const top = ordered.length === mostNames + 1 ? ordered : ordered.slice(0, mostNames);
  const own = new Set(top.map(({ name }) => name));
  const byDay = Map.groupBy(lines, ({ day }) => day ?? "");
  const rest = ordered.length - top.length;
  const labels = distinct([
    ...top,
    ...(rest === 0 ? [] : [{ label: `All others (${rest})`, detail: null }]),
  ]);
  const valuesOf = (isMeant: (line: LineReply) => boolean) =>
    days.map((day) => {
      const ofDay = (byDay.get(day) ?? []).filter(isMeant);
      return measured(together(ofDay.map(sumsOf)), measure);
    });
  return labels.map((label, index) => {
    const name = top[index]?.name;
    const isMeant = (line: LineReply) =>
      name === undefined ? !own.has(line.name) : line.name === name;
    return { label, values: valuesOf(isMeant) };
  });
}
