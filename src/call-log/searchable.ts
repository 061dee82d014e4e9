/** Data in base64 or hexadecimal, which nobody looks for. */
const longRuns = /[\w+/=-]{120,}/g;

const escapes = /\\(?:u([0-9a-fA-F]{4})|(["\\/bfnrt]))/g;
const spaces = new Set(["n", "r", "t", "b", "f"]);

/** A text as the words that it is found by. JSON's escapes are undone, whether it is whole or cut. */
export function searchable(text: string): string {
  const plain = text.includes("\\") ? text.replace(escapes, unescaped) : text;
  return plain.replace(longRuns, " ");
}

function unescaped(_: string, code: string | undefined, letter = ""): string {
  if (code !== undefined) return String.fromCharCode(Number.parseInt(code, 16));
  return spaces.has(letter) ? " " : letter;
}
