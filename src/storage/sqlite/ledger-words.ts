import type { Database } from "bun:sqlite";
import { listed } from "./conditions.ts";

/** The numbers that names have in the rows. */
export interface Words {
  /** Makes it where it is not there; to be called in a transaction. */
  numberOf(text: string): number;
  /** Forgets what a transaction made that was rolled back. */
  rolledBack(): void;
}

/** More are looked up again. */
const maxKnown = 250_000;

/** Names are never removed, so that a number stays what it is, in other processes too. */
export function createWords(database: Database): Words {
  const known = new Map<string, number>();
  const find = database.prepare<{ id: number }, [string]>("SELECT id FROM words WHERE text = ?");
  const make = database.prepare<{ id: number }, [string]>(
    "INSERT INTO words (text) VALUES (?) RETURNING id",
  );
  const lookUp = (text: string) => {
    const id = (find.get(text) ?? make.get(text))?.id;
    if (id === undefined) throw new Error("a name got no number");
    if (known.size >= maxKnown) known.clear();
    known.set(text, id);
    return id;
  };
  return {
    numberOf: (text) => known.get(text) ?? lookUp(text),
    rolledBack: () => known.clear(),
  };
}

/** The number of a name, in a query; NULL where it has none. */
export const word = "(SELECT id FROM words WHERE text = ?)";

/** The column `key` is one of a list of names. */
export const keyAmong = `key IN (SELECT id FROM words WHERE text IN ${listed})`;
