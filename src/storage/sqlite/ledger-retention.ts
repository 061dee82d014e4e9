import type { Database } from "bun:sqlite";
import type { Retention } from "../../core/ledger-store.ts";
import { createBlockRetention } from "./ledger-blocks.ts";
import { createLatencyRetention } from "./ledger-latencies.ts";

/** Rows that one transaction removes: what waits for it waits a few milliseconds. */
const batchRows = 500;

/**
 * Removes rows that may go, some of them; true while there are more. Their space is used again, the file does not
 * shrink: `maxBytes` counts what is in use. Accounts and roll-ups stay; so does the last row that is in the roll-ups,
 * since the next one gets a number behind it.
 */
export function createRetention(database: Database) {
  const removeOld = rowRemover(database);
  const removeHours = createLatencyRetention(database);
  const removeBlocks = createBlockRetention(database);
  const removeRefusals = database.prepare(
    `DELETE FROM refusals WHERE (minute, route, code) IN
       (SELECT minute, route, code FROM refusals WHERE minute < ? LIMIT ${batchRows})`,
  );
  const used = database.prepare<{ bytes: number }, []>(
    `SELECT (page_count - freelist_count) * page_size AS bytes
     FROM pragma_page_count, pragma_freelist_count, pragma_page_size`,
  );
  return ({ maxAgeMs, maxBytes }: Retention, now: number): boolean => {
    if (maxAgeMs !== null) {
      const before = now - maxAgeMs;
      if (removeOld(before) || removeRefusals.run(before).changes > 0) return true;
    }
    const isLarge = maxBytes !== null && (used.get()?.bytes ?? 0) > maxBytes;
    if (isLarge && removeOld(Number.MAX_SAFE_INTEGER)) return true;
    return removeHours(now) || removeBlocks();
  };
}

/** Removes rows that began before a time, some of them; false where there were none. */
function rowRemover(database: Database): (before: number) => boolean {
  const remove = database.prepare<{ startedAt: number }, [number]>(
    `DELETE FROM calls WHERE seq IN
       (SELECT seq FROM calls WHERE started_at < ? AND seq < (SELECT seq FROM rolled_up)
        ORDER BY started_at LIMIT ${batchRows})
     RETURNING started_at AS startedAt`,
  );
  const note = database.prepare("UPDATE rolled_up SET removed_until = max(removed_until, ?)");
  const both = database.transaction((before: number) => {
    const removed = remove.all(before);
    const until = removed.reduce((latest, { startedAt }) => Math.max(latest, startedAt), -1);
    if (removed.length > 0) note.run(until);
    return removed.length > 0;
  });
  return (before) => both.immediate(before);
}
