import type { Place } from "./load.ts";
import { access } from "./mistakes/access.ts";
import { headersAndSecrets } from "./mistakes/headers.ts";
import { limits } from "./mistakes/limits.ts";
import { metering } from "./mistakes/metering.ts";
import { misspelt } from "./mistakes/misspelt.ts";
import { records } from "./mistakes/records.ts";
import { targets } from "./mistakes/targets.ts";
import { unreadable } from "./mistakes/unreadable.ts";
import { wrongKind } from "./mistakes/wrong-kinds.ts";

/** A config with one mistake. Where it stands is marked in the text: `# <-`; else it is the line of `line`. */
export interface Mistake {
  readonly yaml: string;
  /** As the message names it; empty where the text cannot be read. */
  readonly key: string;
  /** A part of what is said. */
  readonly says: string;
  readonly line?: number;
  readonly column?: number;
  readonly place?: Place;
}

/** By what is wrong. */
export const mistakes: Readonly<Record<string, Mistake>> = {
  ...unreadable,
  ...wrongKind,
  ...headersAndSecrets,
  ...targets,
  ...access,
  ...misspelt,
  ...limits,
  ...records,
  ...metering,
};

/** The line that the mistake is to be found on. */
export function lineOf({ yaml, line }: Mistake): number {
  return line ?? yaml.split("\n").findIndex((text) => text.includes("# <-")) + 1;
}
