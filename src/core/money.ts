/** Money is an integer number of nano-dollars; dollars are seen at the edges alone (config, JSON). */
export type NanoUsd = number;

const nanoPerUsd = 1e9;

/** Whether an amount of dollars can be kept: not negative, and exact as an integer (up to $9.0 M). */
export function isUsd(usd: number): boolean {
  return usd >= 0 && Number.isSafeInteger(Math.round(usd * nanoPerUsd));
}

/** To the nearest nano-dollar. Throws a `RangeError` for what `isUsd` refuses. */
export function nanoOfUsd(usd: number): NanoUsd {
  if (!isUsd(usd)) throw new RangeError("an amount of dollars that cannot be kept");
  return Math.round(usd * nanoPerUsd);
}

/** Whether an amount is more than nothing, and nothing once it is rounded: as a limit it would be another one. */
export function isTooSmall(usd: number): boolean {
  return usd > 0 && Math.round(usd * nanoPerUsd) === 0;
}

export function usdOfNano(nano: NanoUsd): number {
  return nano / nanoPerUsd;
}

/** Dollars without rounding and without an exponent: `0.0000002`. */
export function usdText(nano: NanoUsd): string {
  const digits = String(nano).padStart(10, "0");
  const cents = digits.slice(-9).replace(/0+$/, "");
  const whole = digits.slice(0, -9);
  return cents === "" ? whole : `${whole}.${cents}`;
}
