import type { PrepareEndpoints, StoredEndpoint } from "../core/endpoint-book.ts";
import type { Shelf, Store } from "./shelf.ts";

export interface FollowerOptions {
  readonly prepare: PrepareEndpoints;
  readonly onFault: (error: unknown) => void;
}

/**
 * Puts in force what another process changed. Where that cannot be read or served, what was in force stays, and it is
 * told of once.
 */
export class Follower {
  readonly #shelf: Shelf;
  readonly #store: Store;
  readonly #options: FollowerOptions;
  #served: readonly StoredEndpoint[];
  #refused: readonly StoredEndpoint[] | null = null;
  #unreadable: number | null = null;

  constructor(shelf: Shelf, store: Store, options: FollowerOptions) {
    this.#shelf = shelf;
    this.#store = store;
    this.#options = options;
    this.#served = shelf.all;
  }

  /** This list is in force. */
  served(all: readonly StoredEndpoint[]): void {
    this.#served = all;
  }

  refresh(): void {
    if (!this.#load()) return;
    const { all } = this.#shelf;
    if (all === this.#served || all === this.#refused) return;
    try {
      this.#options.prepare(all, null)();
      this.#served = all;
    } catch (error) {
      this.#refused = all;
      this.#options.onFault(error);
    }
  }

  #load(): boolean {
    if (this.#shelf.isCurrent()) return true;
    const version = this.#store.version();
    if (version === this.#unreadable) return false;
    try {
      this.#shelf.load();
      return true;
    } catch (error) {
      this.#unreadable = version;
      this.#options.onFault(error);
      return false;
    }
  }
}
