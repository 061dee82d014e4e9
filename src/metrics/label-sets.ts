/** What stands for labels that there was no room for. */
export const otherLabel = "(other)";

/** Whose calls are counted together. */
export interface CallLabels {
  readonly route: string;
  readonly status: number;
  /** The key's id; empty for callers without one. */
  readonly keyId: string;
  readonly keyAlias: string;
  readonly teamId: string;
  readonly teamAlias: string;
  /** Empty where none was recognised. */
  readonly model: string;
}

/** Calls that have all labels in common. */
export interface CallSums {
  readonly labels: CallLabels;
  calls: number;
  failed: number;
  spendNanoUsd: number;
  inputTokens: number;
  outputTokens: number;
}

/** More would make a scrape slow, and some labels are chosen by clients. */
const maxSets = 2_000;
const maxModels = 200;

/** Sums by label set; a bounded number of them, whatever clients send. */
export class LabelSets {
  readonly #sets = new Map<string, CallSums>();
  readonly #models = new Set<string>();

  of(labels: CallLabels): CallSums {
    const known = this.#sets.get(keyOf(labels));
    return known ?? this.#make(this.#bounded(labels));
  }

  all(): Iterable<CallSums> {
    return this.#sets.values();
  }

  #bounded(labels: CallLabels): CallLabels {
    const model = this.#hasRoomFor(labels.model) ? labels.model : otherLabel;
    if (this.#sets.size < maxSets) return { ...labels, model };
    const all = {
      keyId: otherLabel,
      keyAlias: otherLabel,
      teamId: otherLabel,
      teamAlias: otherLabel,
    };
    return { ...labels, ...all, model: otherLabel };
  }

  #hasRoomFor(model: string): boolean {
    if (this.#models.has(model)) return true;
    if (this.#models.size >= maxModels) return false;
    this.#models.add(model);
    return true;
  }

  #make(labels: CallLabels): CallSums {
    const key = keyOf(labels);
    const known = this.#sets.get(key);
    if (known !== undefined) return known;
    const sums = { labels, calls: 0, failed: 0, spendNanoUsd: 0, inputTokens: 0, outputTokens: 0 };
    this.#sets.set(key, sums);
    return sums;
  }
}

/** Without aliases: they come with the ids. A key's team may be another one tomorrow. */
function keyOf({ route, status, keyId, teamId, model }: CallLabels): string {
  return `${route}\n${status}\n${keyId}\n${teamId}\n${model}`;
}
