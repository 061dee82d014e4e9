/**
 * Tells digests that may be known from those that cannot be, at 48 bits and some 20 bytes each: what passes has to be
 * looked up in full, and what does not pass costs no look-up.
 */
export class DigestFilter {
  readonly #keyed = new Set<number>();
  readonly #plain = new Set<number>();

  /** Whether any plain SHA-256 is in it. */
  get hasPlain(): boolean {
    return this.#plain.size > 0;
  }

  add(digest: string): void {
    if (isPlain(digest)) this.#plain.add(fromHex(digest));
    else this.#keyed.add(fromBase64(digest));
  }

  /** Of a plain SHA-256 alone: keyed digests stay known when their keys are revoked. */
  removePlain(digest: string): void {
    this.#plain.delete(fromHex(digest));
  }

  mayHave(digest: string): boolean {
    return isPlain(digest) ? this.#plain.has(fromHex(digest)) : this.#keyed.has(fromBase64(digest));
  }

  /** Holds these and no others afterwards. */
  reset(digests: Iterable<string>): void {
    this.#keyed.clear();
    this.#plain.clear();
    for (const digest of digests) this.add(digest);
  }
}

/** 32 bytes are 64 characters in hex, and 44 in base64. */
function isPlain(digest: string): boolean {
  return digest.length === 64;
}

function fromHex(digest: string): number {
  return Number.parseInt(digest.slice(0, 12), 16);
}

const values = new Uint8Array(128);
[..."ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"].forEach((letter, value) => {
  values[letter.charCodeAt(0)] = value;
});

function fromBase64(digest: string): number {
  let number = 0;
  for (let at = 0; at < 8; at += 1) number = number * 64 + (values[digest.charCodeAt(at)] ?? 0);
  return number;
}
