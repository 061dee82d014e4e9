/** What stands for a secret that ends in nothing that may be shown. */
export const mask = "********";

/** What the log has instead of a value that is not kept. */
export const redacted = "[redacted]";

const masked = /^\*{8}([^]{4})?$/;

/** Whether a text is what the gateway shows in place of a stored secret. */
export function isMask(text: string): boolean {
  return masked.test(text);
}

/** The last characters of the secret, where the mask tells them. */
export function endOfMask(text: string): string | null {
  return masked.exec(text)?.[1] ?? null;
}
