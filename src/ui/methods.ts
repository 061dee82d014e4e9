/** The methods that the page sends calls with. */
export const methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"] as const;

export type Method = (typeof methods)[number];

/** One of the methods; null for any other text. */
export function methodOf(text: string): Method | null {
  return methods.find((method) => method === text.toUpperCase()) ?? null;
}
