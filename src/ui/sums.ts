/** What calls came to. `spend` is USD; null where no call's cost is known. */
export interface Sums {
  readonly spend: number | null;
  readonly calls: number;
  readonly failed: number;
  readonly unpriced: number;
  readonly tokensIn: number;
  readonly tokensOut: number;
}

/** What the API counts of a day, a group, or a group on a day. */
export interface TotalsReply {
  readonly total_spend: number | null;
  readonly calls: number;
  readonly failed: number;
  readonly unpriced: number;
  readonly total_input_tokens: number;
  readonly total_output_tokens: number;
}

/** A line of `GET /global/spend/report?by_day=…`. */
export interface LineReply extends TotalsReply {
  /** Null: of the whole time. */
  readonly day: string | null;
  readonly name: string;
  readonly alias: string | null;
}

/** A line of `GET /global/spend/report?group_by=day`. */
export interface DayReply extends TotalsReply {
  /** `2026-11-21T00:00:00+00:00` */
  readonly group_by_day: string;
}

export function sumsOf(line: TotalsReply): Sums {
  return {
    spend: line.total_spend,
    calls: line.calls,
    failed: line.failed,
    unpriced: line.unpriced,
    tokensIn: line.total_input_tokens,
    tokensOut: line.total_output_tokens,
  };
}

const nothing: Sums = { spend: 0, calls: 0, failed: 0, unpriced: 0, tokensIn: 0, tokensOut: 0 };

/** All together; money is added in nano-dollars, so that it comes to what the ledger has. */
export function together(all: readonly Sums[]): Sums {
  const total = (of: (sums: Sums) => number) => all.reduce((sum, one) => sum + of(one), 0);
  const calls = total((one) => one.calls);
  const unpriced = total((one) => one.unpriced);
  const isUnknown = calls > 0 && calls === unpriced;
  return {
    ...nothing,
    spend: isUnknown ? null : total(({ spend }) => Math.round((spend ?? 0) * 1e9)) / 1e9,
    calls,
    failed: total((one) => one.failed),
    unpriced,
    tokensIn: total((one) => one.tokensIn),
    tokensOut: total((one) => one.tokensOut),
  };
}
