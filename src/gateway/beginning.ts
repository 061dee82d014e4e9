/** The first bytes of what passes, copied. */
export class Beginning {
  readonly #most: number;
  readonly #pieces: Uint8Array[] = [];
  #length = 0;

  constructor(most: number) {
    this.#most = most;
  }

  add(chunk: Uint8Array): void {
    if (this.#length >= this.#most) return;
    const piece = chunk.slice(0, this.#most - this.#length);
    this.#pieces.push(piece);
    this.#length += piece.byteLength;
  }

  bytes(): Uint8Array {
    return Buffer.concat(this.#pieces, this.#length);
  }
}
