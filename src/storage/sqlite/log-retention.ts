import type { Database } from "bun:sqlite";
import { seqsOf } from "./log-packs.ts";

/** How long and how much is kept; null is without end. */
export interface LogRetention {
  readonly maxAgeMs: number | null;
  readonly maxBytes: number | null;
}

/** What one step may do: others wait for no more than that. */
const stepCalls = 200;
const stepPacks = 50;
const mergePages = 64;
const vacuumPages = 256;

/** Free pages are used again soon, and given back to the disk where they are more than one in so many. */
const freeShare = 10;

interface Sizes {
  readonly pages: number;
  readonly free: number;
  readonly size: number;
}

/** Removes packs that may go, the oldest first, some of them; true while there is more to do. */
export function createLogRetention(database: Database) {
  const oldest = database.prepare<{ pack: number; seqs: Uint8Array }, [number]>(
    `SELECT pack, seqs FROM packs WHERE written_at < ? ORDER BY pack LIMIT ${stepPacks}`,
  );
  const removePack = database.prepare("DELETE FROM packs WHERE pack = ?");
  const removeCall = database.prepare("DELETE FROM calls WHERE seq = ?");
  const removeWords = database.prepare("DELETE FROM said WHERE rowid = ?");
  const merge = database.prepare(`INSERT INTO said (said, rank) VALUES ('merge', ${mergePages})`);
  const sizes = database.prepare<Sizes, []>(
    `SELECT page_count AS pages, freelist_count AS free, page_size AS size
     FROM pragma_page_count, pragma_freelist_count, pragma_page_size`,
  );
  const used = () => {
    const { pages = 0, free = 0, size = 0 } = sizes.get() ?? {};
    return (pages - free) * size;
  };
  const remove = database.transaction((before: number): boolean => {
    let calls = 0;
    for (const { pack, seqs } of oldest.all(before)) {
      for (const seq of seqsOf(seqs)) {
        removeWords.run(seq);
        removeCall.run(seq);
        calls++;
      }
      removePack.run(pack);
      if (calls >= stepCalls) break;
    }
    if (calls > 0) merge.run(); // takes what was removed out of the index
    return calls > 0;
  });
  /** Gives some free pages back; true while there are more of them than are worth keeping. */
  const shrink = (): boolean => {
    const { pages = 0, free = 0 } = sizes.get() ?? {};
    if (free <= vacuumPages || free * freeShare <= pages) return false;
    database.run(`PRAGMA incremental_vacuum(${vacuumPages})`);
    return true;
  };
  return ({ maxAgeMs, maxBytes }: LogRetention, now: number): boolean => {
    if (maxAgeMs !== null && remove.immediate(now - maxAgeMs)) return true;
    const isLarge = maxBytes !== null && used() > maxBytes;
    if (isLarge && remove.immediate(Number.MAX_SAFE_INTEGER)) return true;
    return shrink();
  };
}
