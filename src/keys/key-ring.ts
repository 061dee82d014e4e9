import { type KeyDigester, keyPrefix, sha256Of } from "../core/key.ts";
import type { FoundKey, Keys, TeamRecord } from "../core/key-record.ts";
import type { KeyStore } from "../core/key-store.ts";
import { DigestFilter } from "./digest-filter.ts";
import { Recent } from "./recent.ts";

/** Longer ones are not ours, and are not digested. */
const longestKey = 1_024;

/** After an upgrade that could not be written (a full disk, say) the next one waits so long. */
const pauseMs = 60_000;

export interface KeyRingOptions {
  readonly store: KeyStore;
  readonly digester: KeyDigester;
  readonly now: () => number;
  /** Told of an imported key's digest that could not be replaced; the key is valid all the same. */
  readonly onFault: (error: unknown) => void;
}

/**
 * Finds keys by their digests. A token that is no key of ours costs its digest and no query; a known one costs one
 * query, and none from then on, until it is changed. Decided by full digests alone.
 */
export class KeyRing implements Keys {
  readonly #store: KeyStore;
  readonly #digester: KeyDigester;
  readonly #now: () => number;
  readonly #onFault: (error: unknown) => void;
  readonly #filter = new DigestFilter();
  readonly #found = new Recent<FoundKey>(131_072);
  readonly #teams = new Recent<TeamRecord>(16_384);
  #version: number;
  #noUpgradeBefore = 0;

  /** Throws a `StoreError` where the digests cannot be read. */
  constructor({ store, digester, now, onFault }: KeyRingOptions) {
    this.#store = store;
    this.#digester = digester;
    this.#now = now;
    this.#onFault = onFault;
    this.#version = store.version();
    this.#filter.reset(store.digests());
  }

  find(token: string): FoundKey | null {
    if (!token.startsWith(keyPrefix) || token.length > longestKey) return null;
    const digest = this.#digester.digest(token);
    const known = this.#found.get(digest);
    if (known !== undefined) return known;
    const found = this.#filter.mayHave(digest) ? this.#store.find(digest) : null;
    if (found === null) return this.#filter.hasPlain ? this.#imported(token, digest) : null;
    this.#found.set(digest, found);
    return found;
  }

  team(id: string): TeamRecord | null {
    const known = this.#teams.get(id);
    if (known !== undefined) return known;
    const team = this.#store.team(id);
    if (team !== null) this.#teams.set(id, team);
    return team;
  }

  /** There is a key or a revoked one with this digest. */
  add(digest: string): void {
    this.#filter.add(digest);
  }

  /** The key of this digest was changed or revoked: it is looked up again. */
  forget(digest: string): void {
    this.#found.delete(digest);
  }

  forgetTeam(id: string): void {
    this.#teams.delete(id);
  }

  /** Looks all up again where another process has written. */
  refresh(): void {
    const version = this.#store.version();
    if (version === this.#version) return;
    this.#version = version;
    this.#filter.reset(this.#store.digests());
    this.#found.clear();
    this.#teams.clear();
  }

  /** A key that came with its plain SHA-256 and is used for the first time. */
  #imported(token: string, digest: string): FoundKey | null {
    const plain = sha256Of(token);
    if (!this.#filter.mayHave(plain)) return null;
    const found = this.#store.find(plain);
    if (found === null) return this.#store.find(digest); // another process was faster
    return this.#upgrade(plain, digest) ? this.#upgraded(found, digest) : found;
  }

  #upgraded(found: FoundKey, digest: string): FoundKey {
    const record: FoundKey = found === "revoked" ? found : { ...found, digest };
    this.#found.set(digest, record);
    return record;
  }

  /** Not done is no fault of the caller's: the plain digest then stays, and nothing is remembered under the other. */
  #upgrade(plain: string, digest: string): boolean {
    if (this.#now() < this.#noUpgradeBefore) return false;
    try {
      this.#store.atomically(() => this.#store.replaceDigest(plain, digest));
    } catch (error) {
      this.#noUpgradeBefore = this.#now() + pauseMs;
      this.#onFault(error);
      return false;
    }
    this.#filter.add(digest);
    this.#filter.removePlain(plain);
    return true;
  }
}
