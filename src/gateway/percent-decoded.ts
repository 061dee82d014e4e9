const ascii = /%([0-7][0-9a-f])/gi;

/** Text with its escapes resolved, as far as they are sound: broken ones stand for themselves. */
export function percentDecoded(text: string): string {
  if (!text.includes("%")) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return text.replace(ascii, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  }
}

/** As a form decodes it: `+` is a blank. */
export function formDecoded(text: string): string {
  return percentDecoded(text.replaceAll("+", " "));
}
