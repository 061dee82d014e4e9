import type { Database } from "bun:sqlite";
import { maxBump, numberOf } from "./log-seq.ts";

/** Calls to be stored together. */
export interface Pack {
  readonly bytes: Uint8Array;
  /** The calls in it, in their order; one whose id is no UUIDv7 cannot be found again. */
  readonly ids: readonly string[];
}

/** As a level for zstd: 3 takes a third longer, and saves one part in a hundred. */
const level = 1;

/** Stores packs, and finds them again. */
export function createPacks(database: Database) {
  const last = database.prepare<{ pack: number }, []>(
    "SELECT max((SELECT coalesce(max(pack), 0) FROM packs), (SELECT pack FROM indexed)) AS pack",
  );
  const add = database.prepare(
    "INSERT INTO packs (pack, written_at, bytes, seqs, frames) VALUES (?, ?, ?, ?, ?)",
  );
  const addCall = database.prepare(
    "INSERT INTO calls (seq, id, pack) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
  );
  const find = database.prepare<{ frames: Uint8Array }, [number, number, Uint8Array]>(
    `SELECT frames FROM packs JOIN calls USING (pack)
     WHERE calls.seq BETWEEN ? AND ? AND calls.id = ? ORDER BY calls.seq LIMIT 1`,
  );
  const placed = (text: string, pack: number): number => {
    const number = numberOf(text);
    if (number === null) return 0;
    for (let { seq } = number; seq <= number.seq + maxBump; seq++) {
      if (addCall.run(seq, number.id, pack).changes > 0) return seq;
    }
    return 0;
  };
  const write = database.transaction(({ bytes, ids }: Pack, frames: Uint8Array, now: number) => {
    const pack = (last.get()?.pack ?? 0) + 1;
    const seqs = Float64Array.from(ids, (id) => placed(id, pack));
    add.run(pack, now, bytes.length, new Uint8Array(seqs.buffer), frames);
  });
  return {
    write: (pack: Pack, now: number): void =>
      write.immediate(pack, Bun.zstdCompressSync(pack.bytes, { level }), now),
    /** The pack that holds a call, or null. */
    holding: (id: string): Buffer | null => {
      const number = numberOf(id);
      const row = number === null ? null : find.get(number.seq, number.seq + maxBump, number.id);
      return row === null ? null : Bun.zstdDecompressSync(row.frames);
    },
  };
}

/** The numbers of a pack's calls; 0 where one has none. */
export function seqsOf(blob: Uint8Array): Float64Array {
  return new Float64Array(blob.slice().buffer);
}
