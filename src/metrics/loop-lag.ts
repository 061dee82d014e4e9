import { monitorEventLoopDelay } from "node:perf_hooks";

/** How late the event loop is, in seconds, since it was last asked. */
export interface LoopLag {
  take(): { readonly max: number; readonly p99: number; readonly mean: number };
}

const resolutionMs = 5;
const nanoPerSecond = 1e9;

/** Watches from now on. */
export function watchLoopLag(): LoopLag {
  const histogram = monitorEventLoopDelay({ resolution: resolutionMs });
  histogram.enable();
  return {
    take: () => {
      const empty = histogram.count === 0;
      const { max, mean } = histogram;
      const lag = {
        max: empty ? 0 : max / nanoPerSecond,
        p99: empty ? 0 : Math.min(max, histogram.percentile(99)) / nanoPerSecond, // it is rounded up
        mean: empty ? 0 : mean / nanoPerSecond,
      };
      histogram.reset();
      return lag;
    },
  };
}
