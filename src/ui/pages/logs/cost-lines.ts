import { count, usdExact } from "../../format.ts";

/** One line of `GET /spend/logs/ui/{id}/cost`. */
export interface CostLine {
  readonly unit: string;
  readonly count: number;
  /** USD for `per` of it. */
  readonly usd_per: number;
  readonly per: number;
  /** In fractions of a nano-dollar too. */
  readonly usd: number;
  /** The price is for calls with more input tokens than this. */
  readonly above: number | null;
  readonly source: string;
}

export interface CostReply {
  readonly lines: readonly CostLine[];
  readonly total_usd: number | null;
  readonly booked_usd: number | null;
  readonly adds_up: boolean;
  readonly basis: string;
  readonly estimated: boolean;
  readonly note: string;
}

/** The lines' sum in nano-dollars, rounded once; null where there are none. */
export function nanoSum(lines: readonly Pick<CostLine, "usd">[]): number | null {
  if (lines.length === 0) return null;
  return Math.round(Number(lines.reduce((sum, { usd }) => sum + usd * 1e9, 0).toPrecision(15)));
}

/** Whether what is shown makes what was booked. */
export function addsUp({ lines, booked_usd: booked, adds_up }: CostReply): boolean {
  const sum = nanoSum(lines);
  return adds_up && sum !== null && booked !== null && sum === Math.round(booked * 1e9);
}

/** `$2.50 for 1,000,000`; `above` where it is a price for long requests. */
export function rateText({ usd_per, per, above }: CostLine): string {
  const price = per === 1 ? `${fraction(usd_per)} each` : `${fraction(usd_per)} per ${count(per)}`;
  return above === null ? price : `${price}, above ${count(above)} input tokens`;
}

/** Amounts of a line, which may be fractions of a nano-dollar. */
export function fraction(usd: number): string {
  const places = new Intl.NumberFormat("en-US", {
    minimumFractionDigits: 2,
    maximumFractionDigits: 15,
  });
  return usd === 0 || Number.isSafeInteger(usd * 1e9) ? usdExact(usd) : `$${places.format(usd)}`;
}
