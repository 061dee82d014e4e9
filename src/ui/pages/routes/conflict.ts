import { changesOf, isSame } from "./form-state.ts";
import type { Settings } from "../../endpoint.ts";

/** A setting that somebody else changed. */
export interface ChangedSetting {
  readonly name: string;
  readonly before: string;
  readonly now: string;
  /** It was changed here too, to something else. */
  readonly isContested: boolean;
  /** What it was changed to here; null where it was not. */
  readonly mine: string | null;
}

/** What somebody else made of `base` while one's own changes were being written. */
export function changedMeanwhile(
  base: Settings,
  mine: Settings,
  theirs: Settings,
): ChangedSetting[] {
  return Object.keys(changesOf(base, theirs)).map((name) => {
    const isContested = !isSame(base[name], mine[name]) && !isSame(mine[name], theirs[name]);
    return {
      name,
      before: shown(base[name]),
      now: shown(theirs[name]),
      isContested,
      mine: isContested ? shown(mine[name]) : null,
    };
  });
}

function shown(value: unknown): string {
  if (value === undefined || value === null) return "not set";
  return typeof value === "string" ? value : JSON.stringify(value);
}
