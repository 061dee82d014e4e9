import type { Database } from "bun:sqlite";
import type { Retention } from "../../core/ledger-store.ts";

/** Rows that one transaction removes: what waits for it waits a few milliseconds. */
const batchRows = 500;

/**
 * Removes rows that may go, some of them; true while there are more. Their space is used again, the file does not
 * shrink: `maxBytes` counts what is in use. Accounts and roll-ups stay; so does the last row that is in the roll-ups,
 * since the next one gets a number behind it.
 */
export function createRetention(database: Database) {
  const removeOld = database.prepare(
    `DELETE FROM calls WHERE seq IN
       (SELECT seq FROM calls WHERE started_at < ? AND seq < (SELECT seq FROM rolled_up)
        ORDER BY started_at LIMIT ${batchRows})`,
  );
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
      if (removeOld.run(before).changes > 0 || removeRefusals.run(before).changes > 0) return true;
    }
    const isLarge = maxBytes !== null && (used.get()?.bytes ?? 0) > maxBytes;
    return isLarge && removeOld.run(Number.MAX_SAFE_INTEGER).changes > 0;
  };
}
