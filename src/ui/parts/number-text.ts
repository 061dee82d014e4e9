/** What is said of a text that is no number. */
export const noNumber = "Write a number, as 0.02.";

/**
 * The number that a text means: null for none, NaN for another text. A comma is taken for the point, but in `1,000`,
 * which may mean either.
 */
export function numberOf(text: string): number | null {
  const bare = text.trim().replace(/^\$\s*/, "");
  if (bare === "") return null;
  if (/^[1-9]\d*,\d{3}$/.test(bare)) return Number.NaN;
  const written = bare.replace(",", ".");
  return /^[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?$/i.test(written) ? Number(written) : Number.NaN;
}
