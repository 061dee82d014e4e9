/** What stands for an amount or a count that nobody knows: never "0". */
export const unknownText = "unknown";

type Known = number | null | undefined;

/** Dollars: under $1 exact to the nano-dollar, above it to four places at most; null is not known, not free. */
export function usd(dollars: Known): string {
  if (!isKnown(dollars)) return unknownText;
  return money(dollars, Math.abs(dollars) < 1 ? 9 : 4);
}

/** `$1.2K`, where the exact amount is told elsewhere. */
export function usdShort(dollars: Known): string {
  if (!isKnown(dollars) || Math.abs(dollars) < 1000) return usd(dollars);
  return `${dollars < 0 ? "−" : ""}$${countShort(Math.abs(dollars))}`;
}

/** Dollars to the nano-dollar, whatever the amount. */
export function usdExact(dollars: Known): string {
  return isKnown(dollars) ? money(dollars, 9) : unknownText;
}

function money(dollars: number, places: number): string {
  const amount = new Intl.NumberFormat("en-US", {
    minimumFractionDigits: 2,
    maximumFractionDigits: places,
  }).format(Math.abs(dollars));
  return `${dollars < 0 ? "−" : ""}$${amount}`;
}

/** A span of milliseconds: `0.4 ms`, `12 ms`, `1.24 s`, `2 min 3 s`, `3 h 4 min`, `2 d 5 h`. */
export function duration(ms: Known): string {
  if (!isKnown(ms)) return unknownText;
  if (ms < 10) return `${trimmed(ms, 1)} ms`;
  if (ms < 999.5) return `${Math.round(ms)} ms`;
  if (ms < 59_995) return `${trimmed(ms / 1000, 2)} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 3600) return twoParts(seconds, 60, ["min", "s"]);
  const minutes = Math.round(seconds / 60);
  if (minutes < 1440) return twoParts(minutes, 60, ["h", "min"]);
  return twoParts(Math.round(minutes / 60), 24, ["d", "h"]);
}

function twoParts(total: number, size: number, [large, small]: readonly [string, string]): string {
  const rest = total % size;
  const whole = `${Math.floor(total / size)} ${large}`;
  return rest === 0 ? whole : `${whole} ${rest} ${small}`;
}

const byteUnits = ["B", "kB", "MB", "GB", "TB"] as const;

/** Bytes in powers of 1000: `512 B`, `1.2 kB`. */
export function bytes(size: Known): string {
  if (!isKnown(size)) return unknownText;
  let value = size;
  let unit = 0;
  while (value >= 999.5 && unit < byteUnits.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${trimmed(value, value < 10 && unit > 0 ? 1 : 0)} ${byteUnits[unit]}`;
}

/** `12,345`. */
export function count(value: Known): string {
  return isKnown(value) ? new Intl.NumberFormat("en-US").format(value) : unknownText;
}

/** `12.3K`, where the exact number is told elsewhere. */
export function countShort(value: Known): string {
  if (!isKnown(value)) return unknownText;
  const form = { notation: "compact", maximumFractionDigits: 1 } as const;
  return new Intl.NumberFormat("en-US", form).format(value);
}

/** A share of one: `12.3 %`; what is more than nothing is never `0 %`. */
export function percent(ratio: Known): string {
  if (!isKnown(ratio)) return unknownText;
  if (ratio > 0 && ratio < 0.0005) return "< 0.1 %";
  if (ratio < 1 && ratio >= 0.9995) return "> 99.9 %";
  return `${trimmed(ratio * 100, 1)} %`;
}

/** An ISO text or epoch milliseconds. */
export type Moment = string | number | null | undefined;

/** Local time: `21 Nov 2026, 13:04:05`. */
export function dateTime(at: Moment): string {
  const date = dateOf(at);
  return date === null ? unknownText : `${day(at)}, ${clock(at)}`;
}

/** Local day: `21 Nov 2026`. */
export function day(at: Moment): string {
  const date = dateOf(at);
  if (date === null) return unknownText;
  const form = { day: "numeric", month: "short", year: "numeric" } as const;
  return new Intl.DateTimeFormat("en-GB", form).format(date);
}

/** Local time of day: `13:04:05`. */
export function clock(at: Moment): string {
  const date = dateOf(at);
  if (date === null) return unknownText;
  const form = { hour: "2-digit", minute: "2-digit", second: "2-digit" } as const;
  return new Intl.DateTimeFormat("en-GB", form).format(date);
}

/** UTC, for the title of a local time; empty where there is none. */
export function isoTitle(at: Moment): string {
  return dateOf(at)?.toISOString() ?? "";
}

const spans = [
  [60_000, 1000, "s"],
  [3_600_000, 60_000, "min"],
  [86_400_000, 3_600_000, "h"],
  [Number.POSITIVE_INFINITY, 86_400_000, "d"],
] as const;

/** `now`, `12 s ago`, `in 3 d`. `now`: epoch milliseconds. */
export function relativeTime(at: Moment, now: number): string {
  const date = dateOf(at);
  if (date === null) return unknownText;
  const distance = date.getTime() - now;
  const span = Math.abs(distance);
  if (span < 5000) return "now";
  const [, length, unit] = spans.find(([limit]) => span < limit) ?? spans[3];
  const text = `${Math.floor(span / length)} ${unit}`;
  return distance > 0 ? `in ${text}` : `${text} ago`;
}

function dateOf(at: Moment): Date | null {
  if (at === null || at === undefined || at === "") return null;
  const date = new Date(at);
  return Number.isNaN(date.getTime()) ? null : date;
}

function isKnown(value: Known): value is number {
  return value !== null && value !== undefined && !Number.isNaN(value);
}

/** Rounded to `places`, without zeros at the end. */
function trimmed(value: number, places: number): string {
  return String(Number(value.toFixed(places)));
}

/** With its first letter large. */
export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
