import { positionOf } from "./finder.ts";

export const quotationMark = 0x22;
export const backslash = 0x5c;
export const openBracket = 0x5b;

export const plain = 0;
export const quote = 1;
export const open = 2;
export const close = 3;
export const comma = 4;
const colon = 5;
export const blank = 6;

/** What each byte is to the structure of JSON; all others are `plain`. */
export const kinds = new Uint8Array(256);
kinds[quotationMark] = quote;
for (const char of "[{") kinds[char.charCodeAt(0)] = open;
for (const char of "]}") kinds[char.charCodeAt(0)] = close;
kinds[0x2c] = comma;
kinds[0x3a] = colon;
for (const char of " \t\n\r") kinds[char.charCodeAt(0)] = blank;

/** The first quotation mark between two positions; the second where there is none. */
export function quoteAt(bytes: Uint8Array, from: number, to: number): number {
  if (to - from < tooShort) {
    let at = from;
    while (at < to && bytes[at] !== quotationMark) at += 1;
    return at;
  }
  const found = positionOf(bytes, quotationMark, from);
  return found < 0 || found > to ? to : found;
}

/** A native search does not stop at the end of the part: many short parts of one chunk would each search all of it. */
const tooShort = 256;

/** Whether the part of a string between two positions leaves what follows escaped. */
export function endsEscaping(bytes: Uint8Array, from: number, to: number): boolean {
  let at = to;
  while (at > from && bytes[at - 1] === backslash) at -= 1;
  return (to - at) % 2 === 1;
}

/** What follows the plain beginning of a string: mostly its end, a few bytes on, where a native search costs more. */
export function shortStringEnd(bytes: Uint8Array, from: number, to: number): number {
  const near = Math.min(to, from + 32);
  let at = from;
  while (at < near && bytes[at] !== quotationMark && bytes[at] !== backslash) at += 1;
  return at;
}
