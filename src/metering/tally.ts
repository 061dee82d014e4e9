import type { Metered, UsageFold } from "../core/metering.ts";

/** The account of one reply, which its readers write and the meter hands out. */
export class Tally {
  messages = 0;
  bytes = 0;
  isUnparsed = false;
  readonly #fold: UsageFold;

  constructor(fold: UsageFold) {
    this.#fold = fold;
  }

  /** The fold's counts add up over its messages (`addsUp`): none may be left out. */
  get needsAll(): boolean {
    return this.#fold.addsUp === true;
  }

  /** Shows a message to the fold. False where it is not JSON. */
  show(json: string, event: string | null): boolean {
    try {
      this.#fold.add(JSON.parse(json), event);
      return true;
    } catch {
      return false; // a fold that fails, too, has not read it
    }
  }

  metered(): Metered {
    const { provider, model, usage, isFinal, isInvalid, once } = this.#fold.result();
    const { messages, bytes, isUnparsed } = this;
    return { provider, model, usage, isFinal, isInvalid, once, messages, bytes, isUnparsed };
  }
}

const utf8 = new TextDecoder(); // takes a byte order mark out, and breaks at no byte

/** The text of `bytes` between two positions. */
export function textOf(bytes: Uint8Array, from: number, to: number): string {
  return utf8.decode(from === 0 && to === bytes.length ? bytes : bytes.subarray(from, to));
}
