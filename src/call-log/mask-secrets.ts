/** Shorter values would be found in ordinary text. */
const shortestValue = 6;

/** How keys of well-known makers begin, and how many more characters make one of it. */
const shapes: readonly (readonly [prefix: Buffer, atLeast: number])[] = [
  [Buffer.from("sk-"), 17],
  [Buffer.from("AIza"), 30],
  [Buffer.from("AKIA"), 16],
  [Buffer.from("ghp_"), 30],
  [Buffer.from("github_pat_"), 30],
  [Buffer.from("xoxb-"), 20],
  [Buffer.from("eyJ"), 60],
];

/** Tokens in three parts only: other base64 begins so too, and is no secret. */
const jwtPrefix = "eyJ";

const asterisk = 0x2a;
const dot = 0x2e;

/** Overwrites what has the shape of a key, in place, so that lengths stay. `cut`: the bytes end where a body was cut. */
export function maskShapes(bytes: Buffer): void {
  for (const [prefix, atLeast] of shapes) {
    let at = bytes.indexOf(prefix);
    while (at >= 0) {
      const begin = at + prefix.length;
      let end = begin;
      while (isKeyByte(bytes[end] ?? 0)) end++;
      if (isAlone(bytes, at) && isKey(bytes, { prefix, atLeast, begin, end })) {
        bytes.fill(asterisk, begin, end);
      }
      at = bytes.indexOf(prefix, end);
    }
  }
}

interface Candidate {
  readonly prefix: Buffer;
  readonly atLeast: number;
  readonly begin: number;
  readonly end: number;
}

/** What a cut shortened counts too. */
function isKey(bytes: Buffer, { prefix, atLeast, begin, end }: Candidate): boolean {
  if (end === bytes.length && end - begin >= shortestValue) return true;
  if (end - begin < atLeast) return false;
  if (prefix.toString() !== jwtPrefix) return true;
  let dots = 0;
  for (let at = begin; at < end; at++) if (bytes[at] === dot) dots++;
  return dots === 2;
}

/** No word goes on here: `risk-` is none of ours. */
function isAlone(bytes: Buffer, at: number): boolean {
  return at === 0 || !isKeyByte(bytes[at - 1] ?? 0) || bytes[at - 1] === dot;
}

function isKeyByte(byte: number): boolean {
  return (
    (byte >= 0x30 && byte <= 0x39) ||
    (byte >= 0x41 && byte <= 0x5a) ||
    (byte >= 0x61 && byte <= 0x7a) ||
    byte === 0x2d ||
    byte === 0x5f ||
    byte === dot
  );
}

/** Overwrites these values wherever they stand, in place; also the beginning of one that a cut left at the end. */
export function maskValues(bytes: Buffer, values: Iterable<string>): void {
  for (const value of values) {
    if (value.length < shortestValue) continue;
    const secret = Buffer.from(value);
    let at = bytes.indexOf(secret);
    while (at >= 0) {
      bytes.fill(asterisk, at, at + secret.length);
      at = bytes.indexOf(secret, at + secret.length);
    }
    maskEnd(bytes, secret);
  }
}

function maskEnd(bytes: Buffer, secret: Buffer): void {
  const most = Math.min(secret.length - 1, bytes.length);
  const tail = bytes.subarray(bytes.length - most);
  let at = tail.indexOf(secret.subarray(0, shortestValue));
  while (at >= 0) {
    if (secret.subarray(0, tail.length - at).equals(tail.subarray(at))) {
      tail.fill(asterisk, at);
      return;
    }
    at = tail.indexOf(secret.subarray(0, shortestValue), at + 1);
  }
}
