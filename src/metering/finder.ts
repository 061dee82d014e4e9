const { indexOf } = Buffer.prototype; // takes any Uint8Array: a view as a Buffer would cost more than the search

/** The position of `needle` at `from` or behind; -1 where it is nowhere. */
export function positionOf(bytes: Uint8Array, needle: Uint8Array | number, from = 0): number {
  return indexOf.call(bytes, needle, from);
}

/**
 * Looks for one text in a chunk, forwards. What was found is remembered until it is passed, so that all questions
 * about a chunk together read it once.
 */
export class Finder {
  readonly length: number;
  readonly #needle: Uint8Array | number;
  #bytes: Uint8Array = new Uint8Array();
  #at = -1;

  constructor(needle: Uint8Array | number) {
    this.#needle = needle;
    this.length = typeof needle === "number" ? 1 : needle.length;
  }

  begin(bytes: Uint8Array): void {
    this.#bytes = bytes;
    this.#at = -1;
  }

  /** The first position at `from` or behind; infinite where there is none. `from` never goes back. */
  next(from: number): number {
    if (this.#at >= from) return this.#at;
    const at = indexOf.call(this.#bytes, this.#needle, from);
    this.#at = at < 0 ? Infinity : at;
    return this.#at;
  }
}

const needles = new WeakMap<readonly string[], readonly Buffer[]>();

/** The bytes of a format's markers, made once. */
function bytesOf(markers: readonly string[]): readonly Buffer[] {
  let known = needles.get(markers);
  if (known === undefined) {
    known = markers.map((marker) => Buffer.from(marker));
    needles.set(markers, known);
  }
  return known;
}

export function hasMarker(markers: readonly string[], bytes: Uint8Array): boolean {
  for (const needle of bytesOf(markers)) if (indexOf.call(bytes, needle) >= 0) return true;
  return false;
}

/** Says which parts of a chunk hold a marker. */
export class MarkerFinder {
  readonly #finders: readonly Finder[];
  /** No marker begins before, from where was looked last. */
  #nearest = 0;

  constructor(markers: readonly string[]) {
    this.#finders = bytesOf(markers).map((marker) => new Finder(marker));
  }

  begin(bytes: Uint8Array): void {
    this.#nearest = 0;
    for (const finder of this.#finders) finder.begin(bytes);
  }

  /** `from` never goes back. */
  isIn(from: number, to: number): boolean {
    if (this.#nearest > to) return false;
    let nearest = Infinity;
    for (const finder of this.#finders) {
      const at = finder.next(from);
      if (at + finder.length <= to) return true;
      if (at < nearest) nearest = at;
    }
    this.#nearest = nearest;
    return false;
  }
}
