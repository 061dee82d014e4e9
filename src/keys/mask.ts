const masked = "***";

/** Names of values that are secrets, whatever they look like. */
const secretName = /key|token|secret|passw|credential|authorization|cookie|private/i;

/** A known beginning of a secret, a scheme before one, or a URL with a password. */
const secretText =
  /(?:^|[\s"'=:,;])(?:sk-|pk-|rk_|xox[a-z]-|gh[a-z]_|github_pat_|glpat-|AKIA|AIza|eyJ|bearer |basic |token )|-----BEGIN |:\/\/[^\s/@]*:[^\s/@]*@/i;

/** 32 characters and more without a blank, letters and digits mixed; ids of the usual forms are none. */
const longText = /[A-Za-z0-9_+/=.-]{32,}/;
const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** A name that somebody gave; in full only where it does not look like a secret. */
export function maskedName(text: string): string {
  return secretText.test(text) ? masked : text;
}

/** A JSON value with everything masked that looks like a secret, or whose name says that it is one. */
export function maskedValue(value: unknown): unknown {
  if (typeof value === "string") return isLongSecret(value) ? masked : maskedName(value);
  if (Array.isArray(value)) return value.map(maskedValue);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, part]) => [
      maskedName(name),
      secretName.test(name) && !isFlag(part) ? masked : maskedValue(part),
    ]),
  );
}

function isFlag(value: unknown): boolean {
  return typeof value === "boolean" || value === null;
}

function isLongSecret(text: string): boolean {
  const [long = ""] = longText.exec(text) ?? [];
  return /\d/.test(long) && /[A-Za-z]/.test(long) && !uuid.test(text) && !text.startsWith("/");
}
