/**
 * What is invisible in a text, or turns what follows around: controls (but for tabs and ends of lines), marks of
 * direction, spaces without width, line ends that are none, soft hyphens, and the tags of U+E0000.
 */
const hidden =
  // oxlint-disable-next-line no-control-regex
  /[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff]|\r(?!\n)|[\u{e0000}-\u{e007f}]/gu;

/** A text with every hidden character as `⟨U+202E⟩`. */
export function revealed(text: string): string {
  return text.replace(hidden, (char) => `⟨${codeOf(char)}⟩`);
}

/** Whether a text is other than it looks. */
export function hides(text: string): boolean {
  return text.search(hidden) >= 0;
}

/** A text on one line, cut where it is long: for cells. */
export function oneLine(text: string, most = 80): string {
  const chars = Array.from(revealed(text.slice(0, most * 2)).replace(/[\t\r\n]+/g, " "));
  return chars.length > most || text.length > most * 2
    ? `${chars.slice(0, most).join("")}…`
    : chars.join("");
}

function codeOf(char: string): string {
  return `U+${(char.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`;
}
