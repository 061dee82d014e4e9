const escapes = /(?<!\\)\\+(?:u([0-9a-f]{4})|\/)/gi;

const backslash = 0x5c;
const begins = [Buffer.from("\\u"), Buffer.from("\\/")];

/**
 * A text without JSON's escapes of characters that need none, at any depth of JSON within JSON; as JSON it means the
 * same. Null where it holds none.
 */
export function unescaped(bytes: Buffer): string | null {
  if (!bytes.includes(backslash) || !begins.some((begin) => bytes.includes(begin))) return null;
  const text = bytes.toString();
  const plain = text.replace(escapes, (escape: string, code: string | undefined) => {
    if (code === undefined) return "/";
    const letter = String.fromCharCode(Number.parseInt(code, 16));
    return /[\p{Cc}\p{Cs}"\\]/u.test(letter) ? escape : letter;
  });
  return plain === text ? null : plain;
}

/** A text without escapes of characters that need none in a URL; as a URL it means the same (RFC 3986 §2.3). */
export function unescapedUrl(text: string): string {
  return text.replace(/%[2-7][0-9a-f]/gi, (escape) => {
    const letter = String.fromCharCode(Number.parseInt(escape.slice(1), 16));
    return /[\w.~-]/.test(letter) ? letter : escape.toUpperCase();
  });
}
