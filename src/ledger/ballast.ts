import { existsSync, rmSync } from "node:fs";
import { open, rename, statfs } from "node:fs/promises";
import { dirname } from "node:path";

export interface BallastOptions {
  readonly file: string;
  /** Told when it was given up: now is the time to make room. */
  readonly givenUp: () => void;
}

/** What the system and SQLite say of a disk, or a share of it, that is full. */
const noRoom = /ENOSPC|EDQUOT|SQLITE_FULL|disk is full/;

const largestBytes = 16 * 1024 * 1024;
const smallestBytes = 1024 * 1024;
const pieceBytes = 64 * 1024;

/** A process that ends sooner has no need of one. */
const firstMs = 2_000;

/** How soon one that was given up is made again, once there is room. */
const everyMs = 5_000;

/**
 * A file to be given up when the disk is full: the store needs room to make room, to take the journal in, so that the
 * journal's files can go. At most a tenth of what is free. Without it a disk that the journal itself has filled would
 * stay full.
 */
export class Ballast {
  readonly #options: BallastOptions;
  #timer: Timer;
  #making = false;
  #unwanted = false;
  #isGivenUp = false;
  /** Who finds no room just now. */
  readonly #short = new Set<string>();

  /** Makes it in the background, where it is missing. */
  constructor(options: BallastOptions) {
    this.#options = options;
    this.#timer = setTimeout(() => {
      this.#timer = setInterval(() => void this.#keep(), everyMs);
      this.#timer.unref();
      void this.#keep();
    }, firstMs);
    this.#timer.unref();
  }

  /** It was given up, and could not be made again so far. */
  get isGivenUp(): boolean {
    return this.#isGivenUp;
  }

  /** What troubles somebody who writes, or null once nothing does. Never throws. */
  trouble(who: string, reason: string | null): void {
    if (reason === null || !noRoom.test(reason)) {
      this.#short.delete(who);
      return;
    }
    this.#short.add(who);
    this.#isGivenUp = true;
    this.#unwanted = this.#making;
    remove(this.#options.file);
    setImmediate(this.#options.givenUp);
  }

  /** It stays for the next start. */
  close(): void {
    clearTimeout(this.#timer);
    this.#unwanted = this.#making;
  }

  async #keep(): Promise<void> {
    const { file } = this.#options;
    if (this.#making || this.#short.size > 0 || existsSync(file)) return;
    this.#making = true;
    this.#unwanted = false;
    try {
      await this.#make(file);
    } catch {
      remove(file); // no room, which is no fault: it is tried again
    } finally {
      this.#making = false;
    }
  }

  async #make(file: string): Promise<void> {
    const { bavail, bsize } = await statfs(dirname(file));
    const bytes = Math.min(largestBytes, Math.floor((bavail * bsize) / 10));
    if (bytes < smallestBytes) return;
    const piece = crypto.getRandomValues(new Uint8Array(pieceBytes)); // nothing that a file system could store as less
    const handle = await open(draftOf(file), "w", 0o600);
    try {
      for (let left = bytes; left > 0 && !this.#unwanted; left -= pieceBytes) {
        await handle.write(piece, 0, Math.min(left, pieceBytes));
      }
    } finally {
      await handle.close();
    }
    if (this.#unwanted) remove(file);
    else {
      await rename(draftOf(file), file);
      this.#isGivenUp = false;
    }
  }
}

/** What is not whole yet, or was never finished. */
const draftOf = (file: string) => `${file}.new`;

function remove(file: string): void {
  try {
    for (const each of [file, draftOf(file)]) rmSync(each, { force: true });
  } catch {
    // A disk that cannot even do that has other troubles, which are told of.
  }
}
