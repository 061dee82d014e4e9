const whole = new TextDecoder("utf-8", { fatal: true });

/** The text that bytes are, or null where they are none. What a cut left of a last character is left out. */
export function textOf(bytes: Uint8Array, isCut: boolean): string | null {
  if (bytes.includes(0)) return null;
  try {
    if (isCut) return new TextDecoder("utf-8", { fatal: true }).decode(bytes, { stream: true });
    return whole.decode(bytes);
  } catch {
    return null;
  }
}
