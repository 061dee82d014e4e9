const lineFeed = 0x0a;
const carriageReturn = 0x0d;

/** Behind the line ends at a position where a line begins: there may be many, and they say nothing. */
export function behindBlankLines(bytes: Uint8Array, from: number): number {
  const { length } = bytes;
  for (let at = from; at < length; at += 1) {
    const byte = bytes[at];
    if (byte !== lineFeed && byte !== carriageReturn) return at;
  }
  return length;
}
