import { endOfMask, isMask } from "../masks.ts";

/** A name and its value in an editor. */
export interface Pair {
  readonly name: string;
  readonly value: string;
  /** What the gateway shows of a stored secret: sent back as it is, it stays what it was. */
  readonly stored?: string;
}

/** The pairs of a reply; masked values are stored secrets. */
export function pairsOf(record: Readonly<Record<string, unknown>> | null | undefined): Pair[] {
  return Object.entries(record ?? {}).map(([name, given]) => {
    const value = typeof given === "string" ? given : JSON.stringify(given);
    return isMask(value) ? { name, value, stored: value } : { name, value };
  });
}

/** What is sent; rows without a name are left out. */
export function recordOf(pairs: readonly Pair[]): Record<string, string> {
  const named = pairs.filter(({ name }) => name.trim() !== "");
  return Object.fromEntries(named.map(({ name, value }) => [name.trim(), value]));
}

/** A stored secret in words: `set · ends in 1234`. */
export function storedText(stored: string): string {
  const end = endOfMask(stored);
  return end === null ? "set" : `set · ends in ${end}`;
}

/** The names that stand twice. */
export function repeatedNames(pairs: readonly Pair[]): string[] {
  const names = pairs.map(({ name }) => name.trim().toLowerCase()).filter((name) => name !== "");
  return [...new Set(names.filter((name, index) => names.indexOf(name) !== index))];
}
