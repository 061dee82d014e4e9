import { type Static, Type } from "@sinclair/typebox";
import type { KeyBook } from "../core/key-book.ts";
import type { SpendReader, SpendSum, SumFilter, SumGroup } from "../core/spend.ts";
import { refuse } from "./field-faults.ts";
import { nullable } from "./payer-shape.ts";
import { bounded, totals } from "./spend-report.ts";
import { memo } from "./spend-shape.ts";

/** What lines can be made of. */
const dimensions = {
  team: "team",
  customer: "endUser",
  api_key: "key",
  user: "user",
  route: "route",
  model: "model",
} as const satisfies Record<string, SumGroup>;

/** What lines can be made by. */
export type LineGroup = keyof typeof dimensions | "tag";

const Day = nullable(
  Type.String({ description: "`2026-11-21`, in UTC; null for the whole time." }),
);

/** What one group spent, on one day or in the whole time. */
export const SpendLine = Type.Object({
  day: Day,
  name: Type.String({ description: "An id or a name; empty where the calls had none." }),
  alias: nullable(Type.String({ description: "Of a key or a team; of a route, its path." })),
  total_spend: nullable(Type.Number({ description: "USD; null where no call's cost is known." })),
  calls: Type.Integer(),
  failed: Type.Integer(),
  unpriced: Type.Integer({ description: "Calls whose cost is not known." }),
  total_input_tokens: Type.Integer(),
  total_output_tokens: Type.Integer(),
});
export type SpendLine = Static<typeof SpendLine>;

/** What lines are about. */
export interface LineQuestion {
  readonly group: LineGroup;
  readonly byDay: boolean;
  readonly filter: SumFilter;
}

/** Where a line's alias comes from. */
export interface LineNames {
  readonly book: Pick<KeyBook, "key" | "team">;
  readonly routes: () => readonly { readonly id: string; readonly path: string }[];
}

/** One line for each group, or for each day and group: the dearest first. Throws `request_invalid` for too many. */
export async function spendLines(
  reader: SpendReader,
  { group, byDay, filter }: LineQuestion,
  names: LineNames,
): Promise<SpendLine[]> {
  const aliasOf = memo(aliases(group, names));
  const line = (sum: SpendSum<never>, day: string | null, name: string): SpendLine => ({
    day,
    name,
    alias: aliasOf(name),
    ...totals([sum]),
  });
  if (group === "tag") {
    if (filter.userId !== undefined)
      throw refuse(["internal_user_id: tags are not counted by user."]);
    if (!byDay) {
      const sums = await reader.tagSums(["tag"], filter);
      return bounded(sums).map((sum) => line(sum, null, sum.names.tag));
    }
    const sums = await reader.tagSums(["day", "tag"], filter);
    return bounded(sums).map((sum) => line(sum, sum.names.day, sum.names.tag));
  }
  const dimension: SumGroup = dimensions[group];
  if (!byDay) {
    const sums = await reader.sums([dimension], filter);
    return bounded(sums).map((sum) => line(sum, null, sum.names[dimension]));
  }
  const sums = await reader.sums(["day", dimension], filter);
  return bounded(sums).map((sum) => line(sum, sum.names.day, sum.names[dimension]));
}

function aliases(group: LineGroup, { book, routes }: LineNames): (name: string) => string | null {
  if (group === "api_key") return (id) => (id === "" ? null : (book.key(id)?.alias ?? null));
  if (group === "team") return (id) => (id === "" ? null : (book.team(id)?.alias ?? null));
  if (group !== "route") return () => null;
  const paths = new Map(routes().map(({ id, path }) => [id, path]));
  return (id) => paths.get(id) ?? null;
}
