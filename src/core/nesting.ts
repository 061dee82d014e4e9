/** So deep may JSON be nested: whoever copies, masks or shows it goes down as far. */
export const deepestNesting = 100;

/** Whether a JSON value is nested more than `most` deep. */
export function isDeeper(value: unknown, most: number = deepestNesting): boolean {
  if (typeof value !== "object" || value === null) return false;
  return most === 0 || Object.values(value).some((part) => isDeeper(part, most - 1));
}
