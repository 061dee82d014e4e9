import { median } from "./stats.ts";
import type { SubjectName } from "./subjects.ts";

/** One thing measured of one subject, a value a round. */
export interface Figure {
  readonly name: string;
  readonly unit: string;
  readonly subject: SubjectName;
  readonly rounds: number[];
}

/** A limit on one of Tollgate's figures: on the value itself, or on its ratio to the bare relay's. */
export interface Bar {
  readonly figure: string;
  /** Without one: `tollgate`. */
  readonly subject?: SubjectName;
  readonly atMost: number;
  readonly of: "value" | "ratio";
  /** Holds for the compiled binary only. */
  readonly binaryOnly?: boolean;
}

/** Collects figures as the rounds go by. */
export interface Figures {
  add(subject: SubjectName, name: string, unit: string, value: number): void;
  all(): readonly Figure[];
}

/** An empty collection. */
export function createFigures(): Figures {
  const figures: Figure[] = [];
  return {
    add(subject, name, unit, value) {
      const known = figures.find((each) => each.subject === subject && each.name === name);
      if (known) known.rounds.push(value);
      else figures.push({ name, unit, subject, rounds: [value] });
    },
    all: () => figures,
  };
}

/** A median with its range. */
export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

/** The median and the range of what the rounds gave. */
export function spread(values: readonly number[]): Spread {
  return { median: median(values), min: Math.min(...values), max: Math.max(...values) };
}

/**
 * A figure against the bare relay's, round by round, so that a machine that slows down in a round
 * slows both sides of a ratio; null unless both have a value above 0 in every round.
 */
export function ratios(figure: Figure, all: readonly Figure[]): Spread | null {
  const bare = all.find((each) => each.subject === "bare" && each.name === figure.name);
  if (!bare || figure.subject === "bare" || bare.rounds.length !== figure.rounds.length)
    return null;
  if (![...bare.rounds, ...figure.rounds].every((value) => value > 0)) return null;
  return spread(figure.rounds.map((value, round) => value / (bare.rounds[round] ?? NaN)));
}
