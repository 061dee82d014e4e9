import { formDecoded } from "./percent-decoded.ts";

/** As many models are looked at: each costs a look at every list and limit, and no API takes so many. */
const mostModels = 16;

/** The models that a request names, each once, in order; no more than are looked at. */
export class ModelNames {
  readonly #names = new Set<string>();
  readonly #encoded = new Set<string>();

  /** False where it is one too many: there is no use in looking on. */
  add(name: string): boolean {
    this.#names.add(name);
    return !this.tooMany;
  }

  /** As it stands in a form. Each way of writing a name counts: decoding takes time. */
  addEncoded(text: string): boolean {
    if (this.#encoded.has(text)) return true;
    this.#encoded.add(text);
    return this.add(formDecoded(text));
  }

  /** A name that stands for another one that is there too. */
  leaveOut(name: string): void {
    this.#names.delete(name);
  }

  get isEmpty(): boolean {
    return this.#names.size === 0;
  }

  get tooMany(): boolean {
    return this.#names.size > mostModels || this.#encoded.size > mostModels;
  }

  get list(): readonly string[] {
    return [...this.#names];
  }
}
