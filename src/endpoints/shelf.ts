import type { EndpointRecord, EndpointStore, StoredEndpoint } from "../core/endpoint-book.ts";
import type { KeyStore } from "../core/key-store.ts";
import type { Sealer } from "../core/sealing.ts";
import { StoreError } from "../core/store-error.ts";
import { openedRecord } from "./sealed-record.ts";

/** The part of the key store that endpoints need. */
export type Store = EndpointStore & Pick<KeyStore, "atomically" | "version" | "audit">;

/** What seals, by the salt key as it is now. */
export interface SealerSource {
  sealer(): Sealer;
  /** Reads the salt key again: another process may have added a line, and sealed under it. Throws a `StoreError`. */
  renew(): void;
}

/** The store's endpoints, opened, as they were when it was last looked at. */
export class Shelf {
  readonly #store: Store;
  readonly #sealing: SealerSource;
  #version: number;
  #all: readonly StoredEndpoint[];

  /** Throws a `StoreError` where a secret cannot be opened. */
  constructor(store: Store, sealing: SealerSource) {
    this.#store = store;
    this.#sealing = sealing;
    this.#version = store.version();
    this.#all = this.#opened();
  }

  /** The oldest first; another list whenever anything in it is another. */
  get all(): readonly StoredEndpoint[] {
    return this.#all;
  }

  find(id: string): StoredEndpoint | null {
    return this.#all.find((endpoint) => endpoint.id === id) ?? null;
  }

  /**
   * The version that a removed endpoint of this id had at last; 0 where there was none. The audit log is never
   * shortened, and kept with the endpoints.
   */
  lastVersionOf(id: string): number {
    const removals = { action: "endpoint.remove", subject: id };
    const [last] = this.#store.audit(removals, { page: 1, size: 1 }).items;
    const { version }: { version?: unknown } = Object(JSON.parse(last?.before ?? "null"));
    return typeof version === "number" ? version : 0;
  }

  /** Whether no other process has written since. */
  isCurrent(): boolean {
    return this.#store.version() === this.#version;
  }

  /** Sees what another process wrote. Throws a `StoreError`; all then stays as it was. */
  load(): void {
    const version = this.#store.version(); // first: what is written meanwhile is seen the next time
    if (version === this.#version) return;
    this.#sealing.renew(); // before anything is sealed under a line that is taken out by now
    const all = this.#opened();
    if (JSON.stringify(all) !== JSON.stringify(this.#all)) this.#all = all;
    this.#version = version;
  }

  /** What this process has just written. */
  keep(all: readonly StoredEndpoint[]): void {
    this.#all = all;
  }

  #opened(): readonly StoredEndpoint[] {
    const records = this.#store.endpoints();
    const sealer = this.#sealing.sealer();
    if (records.every((record) => isKnown(record, sealer))) return openAll(records, sealer);
    return this.#store.atomically(() => {
      this.#sealing.renew(); // nobody rotates the salt key while this holds the store
      return openAll(this.#store.endpoints(), this.#sealing.sealer());
    });
  }
}

function isKnown({ sealed }: EndpointRecord, sealer: Sealer): boolean {
  return Object.values(sealed).every(({ kid }) => sealer.has(kid));
}

function openAll(records: readonly EndpointRecord[], sealer: Sealer): readonly StoredEndpoint[] {
  return records.map((record) => {
    try {
      return openedRecord(record, sealer);
    } catch (cause) {
      if (cause instanceof StoreError) throw cause;
      throw new StoreError(
        `The endpoint ${record.id} in the database cannot be read. Restore the database from a backup.`,
        { cause },
      );
    }
  });
}
