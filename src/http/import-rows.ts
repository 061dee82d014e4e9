import type { TableRow } from "../core/key-table.ts";
import { GatewayError } from "../core/errors.ts";
import { keyScope } from "../core/journal.ts";
import type { AdminDeps } from "./admin-auth.ts";
import { inSlices } from "./in-slices.ts";

/** What was done with the rows of a table. */
export interface Imported {
  readonly imported: number;
  /** Ids of teams that were made. */
  readonly teams: readonly string[];
}

export interface ImportDeps extends Pick<AdminDeps, "book" | "adjust"> {
  /** Resolves once it is written; with false where it could not be. */
  readonly written: () => Promise<boolean>;
}

/** Keys of one transaction: a few milliseconds. */
const batchSize = 200;

/**
 * Imports keys in batches, so that calls go on meanwhile, and books what they have spent. After an end in between the
 * rest comes with the next import of the same table.
 */
export async function importRows(
  rows: readonly TableRow[],
  actor: string,
  deps: ImportDeps,
): Promise<Imported> {
  const done: Progress = { imported: 0, teams: [] };
  await inSlices(importBatches(rows, actor, done, deps));
  if (!(await deps.written())) throw new GatewayError("internal", { detail: unwritten });
  return done;
}

interface Progress {
  imported: number;
  teams: string[];
}

function* importBatches(
  rows: readonly TableRow[],
  actor: string,
  done: Progress,
  deps: ImportDeps,
): Generator<void, void> {
  for (let at = 0; at < rows.length; at += batchSize) {
    try {
      importBatch(rows.slice(at, at + batchSize), actor, done, deps);
    } catch (error) {
      throw at === 0 ? error : halfWay(at, error);
    }
    yield;
  }
}

function importBatch(
  rows: readonly TableRow[],
  actor: string,
  done: Progress,
  { book, adjust }: ImportDeps,
): void {
  const { added, addedTeams } = book.importAll(
    rows.map(({ imported }) => imported),
    actor,
  );
  const spent = new Map(rows.map((row) => [row.imported.sha256, row.spentNanoUsd]));
  for (const { id, digest } of added) {
    const nanoUsd = spent.get(digest) ?? 0;
    if (nanoUsd > 0) adjust(keyScope(id), nanoUsd);
  }
  done.imported += added.length;
  done.teams.push(...addedTeams);
}

function halfWay(count: number, cause: unknown): GatewayError {
  const code = cause instanceof GatewayError ? cause.code : "internal";
  const detail = `The first ${count} keys of the table are imported: import it again for the others.`;
  return new GatewayError(code, { cause, detail });
}

const unwritten =
  "The keys are imported, but what they have spent could not be written down yet: the log says why.";
