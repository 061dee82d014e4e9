/** What is measured of a call; the order is that of stored histograms. */
const latencyKinds = ["duration", "firstByte", "overhead"] as const;
export type LatencyKind = (typeof latencyKinds)[number];

/** Calls by kind and bucket, one kind behind the other. */
export type Histogram = Float64Array;

/** Each bucket is a tenth wider than the one before; the first begins at 0.1 ms, the last one ends behind an hour. */
const width = 1.1;
const leastMs = 0.1;
const bucketCount = 184;
const logWidth = Math.log(width);

export function emptyHistogram(): Histogram {
  return new Float64Array(latencyKinds.length * bucketCount);
}

export function addLatency(histogram: Histogram, kind: LatencyKind, ms: number | null): void {
  if (ms !== null) addCount(histogram, latencyKinds.indexOf(kind) * bucketCount + bucketOf(ms), 1);
}

function addCount(histogram: Histogram, index: number, count: number): void {
  histogram[index] = (histogram[index] ?? 0) + count;
}

function bucketOf(ms: number): number {
  if (!(ms > leastMs)) return 0;
  return Math.min(bucketCount - 1, Math.floor(Math.log(ms / leastMs) / logWidth));
}

/** Adds the other one to the first. */
export function addHistogram(histogram: Histogram, other: Histogram): void {
  for (let index = 0; index < other.length; index++) addCount(histogram, index, other[index] ?? 0);
}

/** Distances of indexes, and counts, as LEB128: two or three bytes for each bucket that is in use. */
export function packHistogram(histogram: Histogram): Uint8Array {
  const bytes: number[] = [];
  let before = 0;
  for (let index = 0; index < histogram.length; index++) {
    const count = histogram[index] ?? 0;
    if (count === 0) continue;
    putNumber(bytes, index - before);
    putNumber(bytes, count);
    before = index;
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
  let index = 0;
  let value = 0;
  let scale = 1;
  let isIndex = true;
  for (const byte of bytes) {
    value += (byte & 127) * scale;
    scale *= 128;
    if (byte >= 128) continue;
    if (isIndex) index += value;
    else addCount(histogram, index, value);
    isIndex = !isIndex;
    value = 0;
    scale = 1;
  }
}

/**
 * How many calls of a kind there are, and for each share of them the latency that they did not exceed: at most a
 * bucket's width (10 %) beside the exact one. Shares are given in ascending order.
 */
export function percentiles(histogram: Histogram, kind: LatencyKind, shares: readonly number[]) {
  const first = latencyKinds.indexOf(kind) * bucketCount;
  const counts = histogram.subarray(first, first + bucketCount);
  let calls = 0;
  for (const count of counts) calls += count;
  const ms: number[] = [];
  let bucket = 0;
  let below = 0;
  for (const share of calls === 0 ? [] : shares) {
    const rank = Math.ceil(share * calls);
    while (below + (counts[bucket] ?? 0) < rank) below += counts[bucket++] ?? 0;
    ms.push(msAt(bucket + (rank - below - 0.5) / (counts[bucket] ?? 1)));
  }
  return { calls, ms };
}

/** To the microsecond. */
function msAt(bucket: number): number {
  return Math.round(leastMs * width ** bucket * 1_000) / 1_000;
}
