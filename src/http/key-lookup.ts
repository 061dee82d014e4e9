import { GatewayError } from "../core/errors.ts";
import type { KeyBook } from "../core/key-book.ts";
import type { KeyRecord } from "../core/key-record.ts";

/** By the key itself or its id. Throws `not_found`. */
export function keyOf(book: KeyBook, reference: string): KeyRecord {
  const record = book.byReference(reference);
  if (record === null) throw new GatewayError("not_found", { detail: "No key is meant by key." });
  return record;
}

/** The ids of all that are meant, each once. Throws `not_found`, telling which one is not there. */
export function idsOf(
  book: KeyBook,
  references: readonly string[],
  aliases: readonly string[],
): string[] {
  const found = [
    ...references.map((one, index) => required(book.byReference(one), `keys[${index}]`)),
    ...aliases.map((one, index) => required(book.byAlias(one), `key_aliases[${index}]`)),
  ];
  return [...new Set(found.map(({ id }) => id))];
}

function required(record: KeyRecord | null, place: string): KeyRecord {
  if (record !== null) return record;
  throw new GatewayError("not_found", { detail: `No key is meant by ${place}; nothing was done.` });
}
