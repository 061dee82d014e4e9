/** What is measured of a call; the order is that of stored histograms. */
export const latencyKinds = ["duration", "firstByte", "overhead"] as const;
export type LatencyKind = (typeof latencyKinds)[number];

/** Calls by latency: the keys are kind and bucket together (`histogramKey`). */
export type Histogram = Map<number, number>;

/** Each bucket is a tenth wider than the one before; the first begins at 0.1 ms, the last one ends behind an hour. */
const width = 1.1;
const leastMs = 0.1;
const bucketCount = 184;
const logWidth = Math.log(width);

/** Where a latency of one kind is counted. */
export function histogramKey(kind: LatencyKind, ms: number): number {
  return latencyKinds.indexOf(kind) * bucketCount + bucketOf(ms);
}

function bucketOf(ms: number): number {
  if (!(ms > leastMs)) return 0;
  return Math.min(bucketCount - 1, Math.floor(Math.log(ms / leastMs) / logWidth));
}

export function addCount(histogram: Histogram, key: number, count: number): void {
  histogram.set(key, (histogram.get(key) ?? 0) + count);
}

/** Distances of keys, and counts, as LEB128: two or three bytes for each bucket that is in use. */
export function packHistogram(histogram: Histogram): Uint8Array {
  const bytes: number[] = [];
  let before = 0;
  for (const [key, count] of [...histogram].toSorted(([a], [b]) => a - b)) {
    putNumber(bytes, key - before);
    putNumber(bytes, count);
    before = key;
  }
  return Uint8Array.from(bytes);
}

function putNumber(bytes: number[], value: number): void {
  let rest = value;
  while (rest >= 128) {
    bytes.push((rest % 128) + 128);
    rest = Math.floor(rest / 128);
  }
  bytes.push(rest);
}

/** Adds what `packHistogram` made to a histogram. */
export function addPacked(histogram: Histogram, bytes: Uint8Array): void {
  let key = 0;
  let value = 0;
  let scale = 1;
  let isKey = true;
  for (const byte of bytes) {
    value += (byte & 127) * scale;
    scale *= 128;
    if (byte >= 128) continue;
    if (isKey) key += value;
    else addCount(histogram, key, value);
    isKey = !isKey;
    value = 0;
    scale = 1;
  }
}

/** One kind's counts, by bucket. */
export interface KindCounts {
  readonly calls: number;
  /** The buckets that are in use, from the shortest latency on. */
  readonly buckets: readonly (readonly [bucket: number, count: number])[];
}

export function countsOf(histogram: Histogram, kind: LatencyKind): KindCounts {
  const first = latencyKinds.indexOf(kind) * bucketCount;
  const buckets = [...histogram]
    .filter(([key]) => key >= first && key < first + bucketCount)
    .map(([key, count]) => [key - first, count] as const)
    .toSorted(([a], [b]) => a - b);
  return { calls: buckets.reduce((total, [, count]) => total + count, 0), buckets };
}

/** The latency that `share` of the calls did not exceed, at most a bucket's width (10 %) beside the exact one. */
export function percentile({ calls, buckets }: KindCounts, share: number): number | null {
  const rank = Math.ceil(share * calls);
  let below = 0;
  for (const [bucket, count] of buckets) {
    if (below + count >= rank) {
      const within = (rank - below - 0.5) / count;
      return Math.round(leastMs * width ** (bucket + within) * 1_000) / 1_000;
    }
    below += count;
  }
  return null;
}
