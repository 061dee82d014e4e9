import { revealed } from "../parts/reveal.ts";

/** The value of a text that is JSON; undefined for any other, and for what is no object or list. */
export function jsonOf(text: string): object | undefined {
  if (!/^\s*[[{]/.test(text)) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

const deepest = 60;
const longest = 2_000;

/** A JSON value for a tree: nothing in it is hidden; long texts are cut, and say so. */
export function treeOf(value: unknown, depth = 0): unknown {
  if (typeof value === "string") return textOfTree(value);
  if (typeof value !== "object" || value === null) return value;
  if (depth > deepest) return "…";
  if (Array.isArray(value)) return value.map((member) => treeOf(member, depth + 1));
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [revealed(name), treeOf(member, depth + 1)]),
  );
}

function textOfTree(text: string): string {
  if (text.length <= longest) return revealed(text);
  return `${revealed(text.slice(0, longest / 4))}… [${text.length.toLocaleString("en-US")} characters: “Text” has them all]`;
}
