import type { Migration } from "./migrate.ts";

/**
 * The schema of the log of bodies. Calls that ended at about the same time are compressed together, a pack of them:
 * small bodies take a third less so, and a call costs a fraction of a row. `calls.seq` tells when a call began and is
 * its number in `said`, the index of all words, which holds no text itself and is brought up to `indexed` behind the
 * packs. `packs.seqs` are the calls in it, as 64-bit floats.
 */
export const logMigrations: readonly Migration[] = [
  {
    name: "packs, calls, their words",
    sql: `
CREATE TABLE packs (
  pack INTEGER PRIMARY KEY,
  written_at INTEGER NOT NULL,
  bytes INTEGER NOT NULL,
  seqs BLOB NOT NULL,
  frames BLOB NOT NULL
) STRICT;
CREATE TABLE calls (seq INTEGER PRIMARY KEY, id BLOB NOT NULL, pack INTEGER NOT NULL) STRICT;
CREATE VIRTUAL TABLE said USING fts5 (
  text, content = '', contentless_delete = 1, tokenize = 'unicode61 remove_diacritics 2'
);
CREATE TABLE indexed (only INTEGER PRIMARY KEY CHECK (only = 1), pack INTEGER NOT NULL) STRICT;
INSERT INTO indexed VALUES (1, 0);
`,
  },
];
