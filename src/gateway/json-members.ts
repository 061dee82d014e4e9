/**
 * Hears of a member: its name, where its value begins, and how many objects and lists it stands in (1 at the top).
 * False: nothing more is wanted.
 */
export type MemberListener = (name: string, at: number, depth: number) => boolean;

/** No API nests so deep, and parsers differ in what they take. */
const deepest = 1_000;

/**
 * Tells every member of every object, at any depth, in order, repeats included, with its name unescaped: a parser
 * would show the last of two alone, and not every parser takes the last. False where the text is not one object of
 * valid JSON (RFC 8259), or is nested too deep: then what was told means nothing. Ends early, with true, once `tell`
 * gives false. One pass; nothing is built, so no text is slow.
 */
export function eachMember(text: string, tell: MemberListener): boolean {
  const isObject: boolean[] = [];
  let at = skipBlanks(text, 0);
  if (text.charCodeAt(at) !== openBrace) return false;
  for (;;) {
    let isName = isObject.at(-1) === true;
    let char = text.charCodeAt(at);
    if (isName) {
      const end = endOfString(text, at);
      if (end < 0) return false;
      const colonAt = skipBlanks(text, end);
      if (text.charCodeAt(colonAt) !== colon) return false;
      const start = skipBlanks(text, colonAt + 1);
      if (!tell(unescaped(text, at, end), start, isObject.length)) return true;
      at = start;
      char = text.charCodeAt(at);
    }
    if (char === openBrace || char === openBracket) {
      if (isObject.push(char === openBrace) > deepest) return false;
      at = skipBlanks(text, at + 1);
      if (text.charCodeAt(at) !== char + 2) continue; // what closes it
    } else {
      at = endOfScalar(text, at);
      if (at < 0) return false;
      at = skipBlanks(text, at);
    }
    for (;;) {
      char = text.charCodeAt(at);
      isName = isObject.at(-1) === true;
      if (char === comma) break;
      if (char !== (isName ? closeBrace : closeBracket)) return false;
      isObject.pop();
      at = skipBlanks(text, at + 1);
      if (isObject.length === 0) return at === text.length;
    }
    at = skipBlanks(text, at + 1);
  }
}

/** The string that begins at `at`; null where another value does. */
export function stringAt(text: string, at: number): string | null {
  const end = endOfString(text, at);
  return end < 0 ? null : unescaped(text, at, end);
}

/** The number that begins at `at`, also one in quotes, as lenient readers take it; else NaN. */
export function numberAt(text: string, at: number): number {
  const quoted = stringAt(text, at);
  if (quoted !== null) return quoted.trim() === "" ? Number.NaN : Number(quoted);
  const end = endOfScalar(text, at);
  return end < 0 ? Number.NaN : Number(text.slice(at, end));
}

/**
 * Tells the strings of the list that begins at `at`, until `tell` gives false. False where it is no list, or holds
 * anything else.
 */
export function eachString(text: string, at: number, tell: (value: string) => boolean): boolean {
  if (text.charCodeAt(at) !== openBracket) return false;
  let next = skipBlanks(text, at + 1);
  for (let end = endOfString(text, next); end >= 0; end = endOfString(text, next)) {
    if (!tell(unescaped(text, next, end))) return true;
    next = skipBlanks(text, end);
    if (text.charCodeAt(next) === comma) next = skipBlanks(text, next + 1);
  }
  return text.charCodeAt(next) === closeBracket;
}

/** From the opening quote to behind the closing one. */
function unescaped(text: string, start: number, end: number): string {
  const inner = text.slice(start + 1, end - 1);
  if (!inner.includes("\\")) return inner;
  const value: unknown = JSON.parse(text.slice(start, end));
  return typeof value === "string" ? value : "";
}

const quote = 0x22;
const comma = 0x2c;
const colon = 0x3a;
const backslash = 0x5c;
const openBracket = 0x5b;
const closeBracket = 0x5d;
const openBrace = 0x7b;
const closeBrace = 0x7d;
const unicodeEscape = 0x75;

function skipBlanks(text: string, from: number): number {
  let at = from;
  for (;;) {
    const char = text.charCodeAt(at);
    if (char !== 0x20 && char !== 0x0a && char !== 0x0d && char !== 0x09) return at;
    at += 1;
  }
}

const plain = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;

/** What follows the string, number or word at `from`; -1 where there is none. */
function endOfScalar(text: string, from: number): number {
  if (text.charCodeAt(from) === quote) return endOfString(text, from);
  plain.lastIndex = from;
  return plain.test(text) ? plain.lastIndex : -1;
}

const hex = /[\da-f]{4}/iy;

/** What follows the string at `from`; -1 where there is none. */
function endOfString(text: string, from: number): number {
  if (text.charCodeAt(from) !== quote) return -1;
  for (let at = from + 1; at < text.length; at += 1) {
    const char = text.charCodeAt(at);
    if (char === quote) return at + 1;
    if (char < 0x20) return -1;
    if (char !== backslash) continue;
    at += 1;
    if (text.charCodeAt(at) === unicodeEscape) {
      hex.lastIndex = at + 1;
      if (!hex.test(text)) return -1;
    } else if (at === text.length || !'"\\/bfnrt'.includes(text.charAt(at))) return -1;
  }
  return -1;
}
