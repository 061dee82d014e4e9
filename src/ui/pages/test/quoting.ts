/** What would end a line somewhere, or turn the direction in which code is read. */
const odd = /[\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]/g;

/**
 * A string literal that TypeScript, JavaScript and Python read alike: JSON's, with all characters above ASCII as they
 * are but for those that an editor or a parser may take for something else. Half a surrogate pair becomes U+FFFD, as it
 * does on the wire.
 */
export function literal(text: string): string {
  return JSON.stringify(text.toWellFormed()).replace(
    odd,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** The name of an environment variable that stands for a header's value: `X_API_KEY`. */
export function variableOf(header: string): string {
  const name = header.toUpperCase().replace(/[^A-Z0-9]+/g, "_");
  return /^\d|^$/.test(name) ? `_${name}` : name;
}

/** A header's value as it goes over the wire: what is not Latin-1 as the bytes of its UTF-8, as curl sends it. */
export function headerBytes(value: string): string {
  // oxlint-disable-next-line no-control-regex
  if (/^[\0-\xff]*$/.test(value)) return value;
  return Array.from(new TextEncoder().encode(value), (byte) => String.fromCharCode(byte)).join("");
}
