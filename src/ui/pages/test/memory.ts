import type { TestForm } from "./form.ts";
import type { TestRun } from "./run.ts";

/** What was typed and what came of it, while the tab is open. */
export interface Kept {
  /** Who is signed in. */
  readonly owner: string;
  /** What the form was filled in from: `route …`, `from …`, or empty. */
  readonly source: string;
  readonly form: TestForm;
  readonly run: TestRun | null;
}

let kept: Kept | null = null;

/** What this person left here; null where they come for something else. A form that stands in no address fits any. */
export function keptFor(owner: string, source: string): Kept | null {
  if (kept === null || kept.owner !== owner) return null;
  return source === "" || kept.source === source ? kept : null;
}

/** Keeps it in memory alone, and a key that was typed not even there. */
export function keep(next: Kept): void {
  const { form } = next;
  const isTyped = form.key.kind === "text";
  kept = isTyped ? { ...next, form: { ...form, key: { kind: "text", key: "" } } } : next;
}
