/**
 * An amount as the page writes it, out of whole nano-dollars alone: to the nano-dollar under $1, to four places above;
 * two places at least.
 */
export function moneyText(nano: number | null): string {
  if (nano === null) return "unknown";
  return nano < 1_000_000_000 ? exactText(nano) : written(rounded(BigInt(nano), 100_000n), 4);
}

/** To the nano-dollar, whatever the amount. */
export function exactText(nano: number): string {
  return written(BigInt(nano), 9);
}

/** Halves go up. */
function rounded(nano: bigint, unit: bigint): bigint {
  return (nano + unit / 2n) / unit;
}

/** `amount` in units of which `10 ** places` are a dollar. */
function written(amount: bigint, places: number): string {
  const digits = String(amount).padStart(places + 1, "0");
  const whole = digits.slice(0, -places).replace(/\B(?=(?:\d{3})+$)/g, ",");
  return `$${whole}.${digits.slice(-places).replace(/0+$/, "").padEnd(2, "0")}`;
}

/** Nano-dollars of a text such as `$1,234.5678`, with fractions of them. */
export function nanoOf(text: string): number {
  const [, whole = "0", part = ""] = /^\$([\d,]+)(?:\.(\d+))?$/.exec(text.trim()) ?? [];
  const digits = part.padEnd(15, "0");
  const fraction = Number(digits.slice(9)) / 1e6;
  return Number(whole.replaceAll(",", "")) * 1e9 + Number(digits.slice(0, 9)) + fraction;
}

/** Milliseconds of a text such as `1.24 s`, for numbers that are told to within 10 % anyhow. */
export function msOf(text: string): number {
  const [, number = "NaN", unit = ""] = /^([\d.]+) (ms|s)$/.exec(text) ?? [];
  return Number(number) * (unit === "s" ? 1000 : 1);
}

/** The one of these that this share of them does not exceed. */
export function percentileOf(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.ceil(share * sorted.length) - 1] ?? Number.NaN;
}
