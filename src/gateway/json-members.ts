/** Where the value of a member stands in the text. */
export interface MemberValue {
  readonly start: number;
  readonly end: number;
}

/**
 * Tells every member of an object right under its top, in order, repeats included, with its name unescaped: a parser
 * would show the last of two alone, and not every parser takes the last. `text` must be valid JSON; nothing is told
 * of other values than objects. One pass, whatever the depth.
 */
export function eachMember(text: string, tell: (name: string, value: MemberValue) => void): void {
  let at = skipBlanks(text, 0);
  if (text.charCodeAt(at) !== openBrace) return;
  at = skipBlanks(text, at + 1);
  while (text.charCodeAt(at) === quote) {
    const nameEnd = endOfString(text, at);
    const name = unescaped(text.slice(at, nameEnd));
    const start = skipBlanks(text, skipBlanks(text, nameEnd) + 1); // past the colon
    const end = endOfValue(text, start);
    tell(name, { start, end });
    at = skipBlanks(text, end);
    if (text.charCodeAt(at) === comma) at = skipBlanks(text, at + 1);
  }
}

/** A string as it stands in JSON, quotes included. */
function unescaped(literal: string): string {
  if (!literal.includes("\\")) return literal.slice(1, -1);
  const value: unknown = JSON.parse(literal);
  return typeof value === "string" ? value : "";
}

const quote = 0x22;
const comma = 0x2c;
const backslash = 0x5c;
const openBracket = 0x5b;
const closeBracket = 0x5d;
const openBrace = 0x7b;
const closeBrace = 0x7d;

function skipBlanks(text: string, from: number): number {
  let at = from;
  while (at < text.length && text.charCodeAt(at) <= 0x20) at += 1;
  return at;
}

/** `from` is at the opening quote; gives what follows the closing one. */
function endOfString(text: string, from: number): number {
  let at = text.indexOf('"', from + 1);
  while (at >= 0 && isEscaped(text, at)) at = text.indexOf('"', at + 1);
  return at < 0 ? text.length : at + 1;
}

function isEscaped(text: string, at: number): boolean {
  let before = at - 1;
  while (text.charCodeAt(before) === backslash) before -= 1;
  return (at - before) % 2 === 0;
}

/** Strings are leapt over; of everything else only brackets count. */
function endOfValue(text: string, from: number): number {
  let depth = 0;
  let at = from;
  while (at < text.length) {
    const char = text.charCodeAt(at);
    if (char === quote) {
      at = endOfString(text, at);
      if (depth === 0) return at;
      continue;
    }
    if (char === openBrace || char === openBracket) depth += 1;
    else if (char === closeBrace || char === closeBracket) {
      if (depth <= 1) return depth === 1 ? at + 1 : at;
      depth -= 1;
    } else if (depth === 0 && (char === comma || char <= 0x20)) return at;
    at += 1;
  }
  return at;
}
