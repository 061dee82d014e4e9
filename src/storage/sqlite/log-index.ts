import type { Database } from "bun:sqlite";
import { matchExpression, spaced } from "./log-match.ts";
import { seqsOf } from "./log-packs.ts";
import { firstSeq, idOf } from "./log-seq.ts";

/** The texts that the calls of a pack are found by, in their order. */
export type ReadPack = (pack: Buffer) => readonly string[];

/** What is indexed at a time: questions wait for no more than that, and the index is not in too many pieces. */
const stepBytes = 512 * 1024;
const stepPacks = 200;

interface Question {
  readonly text: string;
  readonly since?: number;
  readonly until?: number;
  readonly limit: number;
}

/** The index of words. It follows the packs at its own pace: to add a call takes longer than to store it. */
export function createIndex(database: Database, read: ReadPack) {
  const next = database.prepare<StoredPack, []>(
    `SELECT pack, bytes, seqs, frames FROM packs WHERE pack > (SELECT pack FROM indexed)
     ORDER BY pack LIMIT ${stepPacks}`,
  );
  const behind = database.prepare<{ written_at: number }, []>(
    "SELECT written_at FROM packs WHERE pack > (SELECT pack FROM indexed) ORDER BY pack LIMIT 1",
  );
  const add = database.prepare("INSERT INTO said (rowid, text) VALUES (?, ?)");
  const advance = database.prepare("UPDATE indexed SET pack = ?");
  const search = database.prepare<{ id: Uint8Array }, [string, number, number, number]>(
    `SELECT id FROM (
       SELECT rowid AS seq FROM said WHERE said MATCH ? AND rowid >= ? AND rowid < ?
       ORDER BY rowid DESC LIMIT ?
     ) JOIN calls USING (seq) ORDER BY seq DESC`,
  );
  const step = database.transaction(() => {
    const found: { seq: number; text: string }[] = [];
    let bytes = 0;
    let last: number | null = null;
    for (const stored of next.iterate()) {
      found.push(...textsIn(stored, read));
      last = stored.pack;
      bytes += stored.bytes;
      if (bytes >= stepBytes) break;
    }
    found.sort((a, b) => a.seq - b.seq); // in order they make one piece of the index, not one each
    for (const { seq, text } of found) add.run(seq, text);
    if (last !== null) advance.run(last);
  });
  return {
    /** Adds some of what is not in it yet; tells when the first of the rest was written, null where there is none. */
    some: (): number | null => {
      step.immediate();
      return behind.get()?.written_at ?? null;
    },
    search: ({ text, since, until, limit }: Question): string[] => {
      const expression = matchExpression(text);
      if (expression === null || limit < 1) return [];
      const from = since === undefined ? 1 : Math.max(1, firstSeq(since));
      const to = until === undefined ? Number.MAX_SAFE_INTEGER : firstSeq(until);
      return search.all(expression, from, to, Math.floor(limit)).map(({ id }) => idOf(id));
    },
  };
}

interface StoredPack {
  readonly pack: number;
  readonly bytes: number;
  readonly seqs: Uint8Array;
  readonly frames: Uint8Array;
}

/** A pack that cannot be read is passed over: the others are found all the same. */
function textsIn({ seqs, frames }: StoredPack, read: ReadPack): { seq: number; text: string }[] {
  try {
    const texts = read(Bun.zstdDecompressSync(frames));
    return [...seqsOf(seqs)].flatMap((seq, index) => {
      const text = texts[index];
      return seq === 0 || text === undefined ? [] : [{ seq, text: spaced(text) }];
    });
  } catch {
    return [];
  }
}
