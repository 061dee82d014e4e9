/** The quick choices of time; `custom` has dates of its own. */
export const ranges = [
  ["any", "Any time", 0],
  ["15m", "Last 15 minutes", 900_000],
  ["1h", "Last hour", 3_600_000],
  ["24h", "Last 24 hours", 86_400_000],
  ["7d", "Last 7 days", 604_800_000],
  ["30d", "Last 30 days", 2_592_000_000],
  ["custom", "From … to …", 0],
] as const;

export type Range = (typeof ranges)[number][0];

export function isRange(text: string | null): text is Range {
  return ranges.some(([id]) => id === text);
}

/** ISO; null for a range that has no beginning of its own. `now`: epoch milliseconds. */
export function rangeStart(range: Range, now: number): string | null {
  const [, , length] = ranges.find(([id]) => id === range) ?? ranges[0];
  return length === 0 ? null : new Date(now - length).toISOString();
}

/** What a field of local time holds for an ISO time; empty for none. */
export function localField(iso: string | null): string {
  if (iso === null) return "";
  const date = new Date(iso);
  const local = new Date(date.getTime() - date.getTimezoneOffset() * 60_000);
  return Number.isNaN(local.getTime()) ? "" : local.toISOString().slice(0, 16);
}

/** ISO of what a field of local time holds; null for none. */
export function isoOfField(text: string): string | null {
  const time = Date.parse(text);
  return Number.isNaN(time) ? null : new Date(time).toISOString();
}
