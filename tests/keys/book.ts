import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { GatewayError } from "../../src/core/errors.ts";
import type { KeyBook } from "../../src/core/key-book.ts";
import { KeyDigester } from "../../src/core/key.ts";
import type { KeyStore } from "../../src/core/key-store.ts";
import { type KeyBookOptions, openKeyBook } from "../../src/keys/key-book.ts";
import { openKeyStore } from "../../src/storage/sqlite/key-store.ts";

/** A data directory that is gone at the end of the test. */
export function temporaryDirectory(): { readonly path: string; [Symbol.dispose](): void } {
  const path = mkdtempSync(join(tmpdir(), "tollgate-keys-"));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
}

export interface TestBook {
  readonly book: KeyBook;
  readonly directory: string;
  readonly file: string;
  /** How often the store was asked for a digest. */
  readonly lookups: () => number;
  /** Another book on the same files, as another process has it. */
  again(options?: Partial<KeyBookOptions>): KeyBook;
  [Symbol.dispose](): void;
}

/** A key book on a database of its own; the clock stands still unless `now` says otherwise. */
export function testBook(now: () => number = () => 1_000): TestBook {
  const directory = temporaryDirectory();
  const file = join(directory.path, "tollgate.db");
  const digester = new KeyDigester("a pepper for tests");
  const books: KeyBook[] = [];
  let lookups = 0;
  const counted = (store: KeyStore): KeyStore => ({
    ...store,
    find: (digest) => {
      lookups += 1;
      return store.find(digest);
    },
  });
  const again = (options: Partial<KeyBookOptions> = {}) => {
    const store = counted(openKeyStore(file));
    const book = openKeyBook({ store, digester, now, ...options });
    books.push(book);
    return book;
  };
  return {
    book: again(),
    directory: directory.path,
    file,
    lookups: () => lookups,
    again,
    [Symbol.dispose]: () => {
      for (const book of books) book.close();
      directory[Symbol.dispose]();
    },
  };
}

/** The record itself, where the token is a key in force. */
export function inForce(book: KeyBook, token: string) {
  const found = book.find(token);
  if (found === null || found === "revoked") throw new Error(`not in force: ${found}`);
  return found;
}

/** How a refusal reads: its code and its sentence. */
export function codeOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    return error instanceof GatewayError ? `${error.code}: ${error.message}` : String(error);
  }
  return "done";
}
