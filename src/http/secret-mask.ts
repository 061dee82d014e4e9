/** What stands for a secret in a text. */
const masked = "********";

const asterisk = 0x2a;

/** Less of a secret's beginning at the end of a body is not worth hiding. */
const shortestBeginning = 6;

/** Each secret, and the ways in which JSON and URLs write those that hold odd characters. */
export function writtenSecrets(secrets: readonly string[]): readonly string[] {
  const forms = new Set<string>();
  for (const secret of secrets) {
    forms.add(secret);
    forms.add(JSON.stringify(secret).slice(1, -1));
    forms.add(encodeURIComponent(secret.toWellFormed()));
  }
  return [...forms].sort((a, b) => b.length - a.length);
}

/** A text with each of them replaced; `written` is what `writtenSecrets` gave. */
export function maskText(text: string, written: readonly string[]): string {
  return written.reduce((shown, secret) => shown.replaceAll(secret, masked), text);
}

/**
 * Overwrites secrets in bytes that pass, wherever they were cut: lengths stay. Only what may be the beginning of one is
 * held back, so that everything else is out at once.
 */
export class SecretMask {
  readonly #secrets: readonly Buffer[];
  readonly #byFirst: ReadonlyMap<number, readonly Buffer[]>;
  readonly #longest: number;
  #held: Buffer = Buffer.alloc(0);
  /** So much of what is held belongs to a secret that was found already. */
  #hidden = 0;

  /** `written`: what `writtenSecrets` gave. */
  constructor(written: readonly string[]) {
    this.#secrets = written.map((secret) => Buffer.from(secret));
    this.#byFirst = Map.groupBy(this.#secrets, (secret) => secret[0] ?? 0);
    this.#longest = Math.max(1, ...this.#secrets.map(({ length }) => length));
  }

  /** What may be shown by now. */
  add(bytes: Uint8Array): Buffer {
    const all = Buffer.concat([this.#held, bytes]);
    const keep = this.#beginning(all);
    const out = Buffer.from(all.subarray(0, keep));
    out.fill(asterisk, 0, Math.min(this.#hidden, keep));
    let hidden = Math.max(0, this.#hidden - keep);
    for (const secret of this.#secrets) {
      for (let at = all.indexOf(secret); at >= 0; at = all.indexOf(secret, at + 1)) {
        const end = at + secret.length;
        out.fill(asterisk, Math.min(at, keep), Math.min(end, keep));
        hidden = Math.max(hidden, end - keep);
      }
    }
    this.#held = all.subarray(keep);
    this.#hidden = hidden;
    return out;
  }

  /** What is left at the end: of a secret that was cut off there not even its beginning. */
  rest(): Buffer {
    const out = Buffer.from(this.#held);
    out.fill(asterisk, 0, out.length < shortestBeginning ? this.#hidden : out.length);
    this.#held = Buffer.alloc(0);
    this.#hidden = 0;
    return out;
  }

  /** Where the longest end begins that is the beginning of a secret, and not the whole of it. */
  #beginning(all: Buffer): number {
    for (let at = Math.max(0, all.length - this.#longest + 1); at < all.length; at++) {
      const tail = all.subarray(at);
      const isBeginning = (secret: Buffer) =>
        secret.length > tail.length && secret.subarray(0, tail.length).equals(tail);
      if (this.#byFirst.get(all[at] ?? 0)?.some(isBeginning) === true) return at;
    }
    return all.length;
  }
}
