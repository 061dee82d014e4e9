/** Shorter values would be found in ordinary text. */
const shortestValue = 6;

/** Tokens in parts only: other base64 begins so too, and is no secret. */
const jwt = Buffer.from("eyJ");

/** How keys of well-known makers begin, and how many more characters make one of it. */
const shapes: readonly (readonly [prefix: Buffer, atLeast: number])[] = [
  [Buffer.from("sk-"), 13],
  [Buffer.from("AIza"), 30],
  [Buffer.from("AKIA"), 16],
  [Buffer.from("ghp_"), 30],
  [Buffer.from("github_pat_"), 30],
  [Buffer.from("xoxb-"), 20],
  [jwt, 60],
];

const asterisk = 0x2a;
const dot = 0x2e;
const equals = 0x3d;

/** Overwrites what has the shape of a key, in place, so that lengths stay; what a cut shortened too. Whether any had. */
export function maskShapes(bytes: Buffer, isCut: boolean): boolean {
  let isFound = false;
  for (const [prefix, atLeast] of shapes) {
    let at = bytes.indexOf(prefix);
    while (at >= 0) {
      const begin = at + prefix.length;
      let end = begin;
      while (isKeyByte(bytes[end] ?? 0) || bytes[end] === equals) end++;
      const length = isCut && end === bytes.length ? shortestValue : atLeast;
      if (
        isAlone(bytes, at) &&
        end - begin >= length &&
        isWhole(prefix, bytes.subarray(begin, end))
      ) {
        bytes.fill(asterisk, begin, end);
        isFound = true;
      }
      at = bytes.indexOf(prefix, end);
    }
  }
  return isFound;
}

/** A JWT has a dot at least. */
function isWhole(prefix: Buffer, rest: Buffer): boolean {
  return prefix !== jwt || rest.includes(dot);
}

/** No word goes on here: `risk-` is none of ours. What ends an escape (`\n`, `%0A`, `\u000a`) is no word. */
function isAlone(bytes: Buffer, at: number): boolean {
  if (at === 0 || !isLetterOrDigit(bytes[at - 1] ?? 0)) return true;
  if (bytes[at - 2] === backslash) return isShortEscape(bytes[at - 1] ?? 0);
  if (bytes[at - 3] === percent) return true;
  return bytes[at - 6] === backslash && bytes[at - 5] === letterU;
}

const backslash = 0x5c;
const percent = 0x25;
const letterU = 0x75;

/** Of JSON: `\b`, `\f`, `\n`, `\r`, `\t`. */
function isShortEscape(byte: number): boolean {
  return byte === 0x62 || byte === 0x66 || byte === 0x6e || byte === 0x72 || byte === 0x74;
}

function isLetterOrDigit(byte: number): boolean {
  return (
    (byte >= 0x30 && byte <= 0x39) ||
    (byte >= 0x41 && byte <= 0x5a) ||
    (byte >= 0x61 && byte <= 0x7a)
  );
}

function isKeyByte(byte: number): boolean {
  return (
    isLetterOrDigit(byte) ||
    byte === 0x2d ||
    byte === 0x5f ||
    byte === 0x2b ||
    byte === 0x7e ||
    byte === dot
  );
}

/** Values as they are looked for. */
export interface Needles {
  readonly plain: readonly Buffer[];
  /** In UTF-16, of either order. */
  readonly wide: readonly Buffer[];
}

/** Values, and the ways in which JSON and URLs write those of them that hold odd characters. */
export function needlesOf(values: Iterable<string>): Needles {
  const texts = new Set<string>();
  for (const value of values) {
    if (value.length < shortestValue) continue;
    texts.add(value);
    texts.add(JSON.stringify(value).slice(1, -1));
    texts.add(encodeURIComponent(value.toWellFormed()));
  }
  const wide = [...texts].flatMap((text) => {
    const little = Buffer.from(text, "utf16le");
    return [little, Buffer.from(little).swap16()];
  });
  return { plain: [...texts].map((text) => Buffer.from(text)), wide };
}

/**
 * Overwrites values wherever they stand, in place; also the beginning of one that a cut left at the end. Whether there
 * was any.
 */
export function maskValues(bytes: Buffer, values: readonly Buffer[], isCut: boolean): boolean {
  let isFound = false;
  for (const secret of values) {
    let at = bytes.indexOf(secret);
    while (at >= 0) {
      bytes.fill(asterisk, at, at + secret.length);
      isFound = true;
      at = bytes.indexOf(secret, at + secret.length);
    }
    if (isCut && maskEnd(bytes, secret)) isFound = true;
  }
  return isFound;
}

/** Overwrites values in UTF-16, in place; what is text stays text. */
export function maskWide(bytes: Buffer, values: readonly Buffer[]): void {
  for (const secret of values) {
    const stars = Buffer.from(secret[0] === 0 ? [0, asterisk] : [asterisk, 0]);
    let at = bytes.indexOf(secret);
    while (at >= 0) {
      bytes.fill(stars, at, at + secret.length);
      at = bytes.indexOf(secret, at + secret.length);
    }
  }
}

function maskEnd(bytes: Buffer, secret: Buffer): boolean {
  const most = Math.min(secret.length - 1, bytes.length);
  const tail = bytes.subarray(bytes.length - most);
  const beginning = secret.subarray(0, shortestValue);
  for (let at = tail.indexOf(beginning); at >= 0; at = tail.indexOf(beginning, at + 1)) {
    if (!secret.subarray(0, tail.length - at).equals(tail.subarray(at))) continue;
    tail.fill(asterisk, at);
    return true;
  }
  return false;
}
