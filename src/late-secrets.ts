/** So long a call may run that began before a secret was replaced. */
const keptMs = 24 * 3_600_000;

/** Replaced ones that are remembered; the oldest go first. */
const mostKept = 100_000;

/** Secrets that were replaced not long ago: calls that began before have sent them, and are told of afterwards. */
export class LateSecrets {
  readonly #replaced = new Map<string, number>();
  readonly #now: () => number;

  /** `now`: milliseconds of any clock that does not go back. */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** Those that hold from now on, and after them the ones that held until now or not long ago. */
  after(before: readonly string[], next: readonly string[]): readonly string[] {
    const now = this.#now();
    const held = new Set(next);
    for (const secret of before) {
      if (!held.has(secret) && !this.#replaced.has(secret)) this.#replaced.set(secret, now);
    }
    const tooMany = this.#replaced.size - mostKept;
    let index = 0;
    for (const [secret, at] of this.#replaced) {
      const isGone = index < tooMany || now - at > keptMs || held.has(secret);
      if (isGone) this.#replaced.delete(secret);
      index += 1;
    }
    return this.#replaced.size === 0 ? next : [...next, ...this.#replaced.keys()];
  }
}
