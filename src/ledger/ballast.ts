import { randomBytes } from "node:crypto";
import { existsSync, rmSync } from "node:fs";
import { open, rename, statfs } from "node:fs/promises";
import { dirname } from "node:path";

export interface BallastOptions {
  readonly file: string;
  /** Whether the disk has no room just now. */
  readonly isShort: () => boolean;
}

const largestBytes = 16 * 1024 * 1024;
const smallestBytes = 64 * 1024;
const pieceBytes = 256 * 1024;

/** A process that ends sooner has no need of one. */
const firstMs = 2_000;

/** How soon one that was given up is made again, at the latest. */
const everyMs = 60_000;

/**
 * A file to be given up when the disk is full. The journal can then be written again; what is in the store, and could
 * go, goes; and the store, which needs room to make room, has some. At most a tenth of what is free. Without it a disk
 * that the journal itself has filled would stay full.
 */
export class Ballast {
  readonly #options: BallastOptions;
  #timer: Timer;
  #making = false;
  #unwanted = false;

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

  /** The disk is full. Never throws. */
  drop(): void {
    this.#unwanted = this.#making;
    remove(this.#options.file);
  }

  /** It stays for the next start. */
  close(): void {
    clearTimeout(this.#timer);
    this.#unwanted = this.#making;
  }

  async #keep(): Promise<void> {
    const { file, isShort } = this.#options;
    if (this.#making || isShort() || existsSync(file)) return;
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
    const piece = randomBytes(pieceBytes); // nothing that a file system could store as less
    const handle = await open(draftOf(file), "w", 0o600);
    try {
      for (let left = bytes; left > 0 && !this.#unwanted; left -= pieceBytes) {
        await handle.write(piece, 0, Math.min(left, pieceBytes));
      }
    } finally {
      await handle.close();
    }
    if (this.#unwanted) remove(file);
    else await rename(draftOf(file), file);
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
