/** Upper ends of the buckets, in milliseconds; behind the last one everything else. */
export const bucketsMs = [
  1, 2.5, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 30_000, 60_000, 300_000,
] as const;

/** How long things took: counts by bucket. */
export class Latencies {
  readonly counts = new Float64Array(bucketsMs.length + 1);
  sumMs = 0;

  add(ms: number): void {
    let bucket = 0;
    while (bucket < bucketsMs.length && ms > (bucketsMs[bucket] ?? 0)) bucket += 1;
    this.counts[bucket] = (this.counts[bucket] ?? 0) + 1;
    this.sumMs += ms;
  }
}
