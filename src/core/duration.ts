const unitMs = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 } as const;

type Unit = keyof typeof unitMs;

/** A length of time as LiteLLM writes it: `30s`, `30m`, `30h`, `30d`, `2w`, `1mo`. */
export type Duration =
  | { readonly kind: "fixed"; readonly ms: number }
  | { readonly kind: "months"; readonly months: number };

/** Ten years: longer is a slip of the pen. */
const longestMs = 3_653 * unitMs.d;

/** Null for what is none, and for nothing at all (`0d`). */
export function parseDuration(text: string): Duration | null {
  const [, digits = "", unit = ""] = /^(\d{1,9})(s|m|h|d|w|mo)$/.exec(text) ?? [];
  const count = Number(digits);
  if (count === 0) return null;
  if (unit === "mo") return count <= 120 ? { kind: "months", months: count } : null;
  if (!isUnit(unit)) return null;
  const ms = count * unitMs[unit];
  return ms <= longestMs ? { kind: "fixed", ms } : null;
}

/** `from` (epoch milliseconds) and the duration; the last day of a month where the next one has no such day. */
export function after(duration: Duration, from: number): number {
  if (duration.kind === "fixed") return from + duration.ms;
  const date = new Date(from);
  const day = date.getUTCDate();
  date.setUTCDate(1);
  date.setUTCMonth(date.getUTCMonth() + duration.months);
  const last = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
  date.setUTCDate(Math.min(day, last));
  return date.getTime();
}

/** A period of a budget: since when, and until when. Epoch milliseconds. */
export interface Period {
  readonly start: number;
  readonly end: number;
}

/**
 * The period of a budget that `now` lies in. Periods follow the calendar in UTC: days begin at midnight, weeks
 * (`7d`, `1w`) on Monday, `30d` and months on the first; every other length is counted from 1970 on. So every
 * process, whenever it started, sees the same ones.
 */
export function periodAt(duration: Duration, now: number): Period {
  const months = monthsOf(duration);
  if (months !== null) {
    const date = new Date(now);
    const index = date.getUTCFullYear() * 12 + date.getUTCMonth();
    const first = index - (index % months);
    return { start: startOfMonth(first), end: startOfMonth(first + months) };
  }
  const ms = duration.kind === "fixed" ? duration.ms : 0;
  const origin = ms % unitMs.w === 0 ? firstMonday : 0;
  const start = origin + Math.floor((now - origin) / ms) * ms;
  return { start, end: start + ms };
}

/** LiteLLM's 30 days are a month of the calendar. */
function monthsOf(duration: Duration): number | null {
  if (duration.kind === "months") return duration.months;
  return duration.ms === 30 * unitMs.d ? 1 : null;
}

/** 1970 began on a Thursday. */
const firstMonday = 4 * unitMs.d;

function isUnit(text: string): text is Unit {
  return Object.hasOwn(unitMs, text);
}

/** `index` counts months from year 0 on. */
function startOfMonth(index: number): number {
  return Date.UTC(Math.floor(index / 12), index % 12);
}
