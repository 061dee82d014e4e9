import { causeText } from "../logging/cause-text.ts";
import type { Log } from "../logging/log.ts";

/**
 * One error that nobody handles must not take all other calls down: it is logged, counted, and survived.
 * Gives the count.
 */
export function surviveUncaught(log: Log): () => number {
  let count = 0;
  const survive = (cause: unknown) => {
    count += 1;
    log.error("uncaught", { count, cause: causeText(cause) });
  };
  process.on("unhandledRejection", survive);
  process.on("uncaughtException", survive);
  return () => count;
}
