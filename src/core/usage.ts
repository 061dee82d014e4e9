/**
 * What a call used is counted in these. Tokens that are part of others are counted in both: `input` holds the cached,
 * the cache-written, the audio, image and video ones, `output` the reasoning, audio and image ones; `cacheWrite` holds
 * `cacheWrite1h`, `cached` holds `cachedAudio`, `pages` holds `annotatedPages`.
 */
export const units = [
  "input",
  "output",
  "cached",
  "cachedAudio",
  "cacheWrite",
  "cacheWrite1h",
  "reasoning",
  "audioInput",
  "audioOutput",
  "imageInput",
  "imageOutput",
  "videoInput",
  "pages",
  "annotatedPages",
  "seconds",
  "characters",
  "images",
  "searchUnits",
  "webSearches",
  "requests",
] as const;

export type Unit = (typeof units)[number];

/** Counts by unit; a unit that is left out was not told. Finite, not negative; `seconds` may be fractions. */
export type Usage = Readonly<Partial<Record<Unit, number>>>;

/** More of anything is no count but a mistake, or an attack. */
const mostOfAnything = 1e9;

export function isCount(value: unknown): value is number {
  return typeof value === "number" && value >= 0 && value <= mostOfAnything;
}

/** For estimates from above: text in most languages has more bytes a token. */
export const bytesPerToken = 4;

/** Each unit that is a part of another. */
const wholes: readonly (readonly [part: Unit, whole: Unit])[] = [
  ["cached", "input"],
  ["cachedAudio", "cached"],
  ["cacheWrite", "input"],
  ["cacheWrite1h", "cacheWrite"],
  ["reasoning", "output"],
  ["audioInput", "input"],
  ["audioOutput", "output"],
  ["imageInput", "input"],
  ["imageOutput", "output"],
  ["videoInput", "input"],
  ["annotatedPages", "pages"],
];

const wholeByPart: ReadonlyMap<Unit, Unit> = new Map(wholes);

/** The unit that it is counted in too; null where it is part of none. */
export function wholeOf(unit: Unit): Unit | null {
  return wholeByPart.get(unit) ?? null;
}

/** Measures of what tokens measure too: where tokens are told, these need no price. */
export const besideTokens: ReadonlySet<Unit> = new Set([
  "images",
  "seconds",
  "characters",
  "requests",
]);

/** Parts themselves: 0 where they are left out. */
const leftOutAtZero: ReadonlySet<Unit> = new Set(["cached", "cacheWrite"]);

/** No part is larger than its whole. A whole that was not told contradicts nothing. */
export function isConsistent(usage: Usage): boolean {
  return wholes.every(([part, whole]) => {
    const most = usage[whole] ?? (leftOutAtZero.has(whole) ? 0 : Infinity);
    return (usage[part] ?? 0) <= most;
  });
}

/** Tokens in and out together; 0 where none were told. */
export function tokensIn({ input = 0, output = 0 }: Usage): number {
  return input + output;
}

/** The larger of both, unit by unit. */
export function mostOf(one: Usage, other: Usage): Usage {
  const most: Partial<Record<Unit, number>> = { ...one };
  for (const unit of units) {
    const count = other[unit];
    if (count !== undefined && count > (most[unit] ?? -1)) most[unit] = count;
  }
  return most;
}
