import { type Finding, isFault, type KeyPath, keyOf } from "./findings.ts";

/** Findings by their key, so that a report need not search them again for each of its rows. */
export class FindingsIndex {
  readonly #at = new Map<string, Finding>();
  /** The first fault below a key. */
  readonly #below = new Map<string, Finding>();

  constructor(findings: readonly Finding[]) {
    for (const finding of findings) {
      const key = keyOf(finding.path);
      const first = this.#at.get(key);
      if (first === undefined || (isFault(finding) && !isFault(first))) this.#at.set(key, finding);
      if (!isFault(finding)) continue;
      for (let length = finding.path.length - 1; length > 0; length--) {
        const above = keyOf(finding.path.slice(0, length));
        if (!this.#below.has(above)) this.#below.set(above, finding);
      }
    }
  }

  /** What is said of exactly this key: a fault before all else. */
  at(path: KeyPath): Finding | null {
    return this.#at.get(keyOf(path)) ?? null;
  }

  /** The same; else a fault below it; else what is said of the whole block that it stands in. */
  about(path: KeyPath): Finding | null {
    const found = this.at(path) ?? this.#below.get(keyOf(path));
    if (found !== undefined) return found;
    const block = this.at(path.slice(0, 1));
    return block?.kind === undefined ? null : block;
  }
}
