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

/**
 * The values of every parameter of this name, given in lower case: in a query or a form, in whatever case or
 * encoding the name is written. Some servers split at `;` too, so both readings are in.
 */
export function formValues(text: string, name: string): string[] {
  const pairs = text.split("&");
  if (text.includes(";")) pairs.push(...text.split(/[&;]/));
  return pairs.flatMap((pair) => {
    const equals = pair.indexOf("=");
    const key = equals < 0 ? pair : pair.slice(0, equals);
    if (formDecoded(key).trim().toLowerCase() !== name) return [];
    return [equals < 0 ? "" : formDecoded(pair.slice(equals + 1))];
  });
}
