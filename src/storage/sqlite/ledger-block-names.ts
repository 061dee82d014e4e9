/** What blocks are found by: the columns of a row that hold names, and its status. */
const nameKinds = [
  "all",
  "key",
  "team",
  "user",
  "route",
  "provider",
  "error",
  "status",
  "failed",
  "model",
  "endUser",
  "tag",
] as const;
export type NameKind = (typeof nameKinds)[number];

/** Names that clients choose: a block with more of a kind than `maxChosen` is listed under `manyOf` that kind. */
export const chosenKinds: readonly NameKind[] = ["model", "endUser", "tag"];
export const maxChosen = 250;

const room = 2 ** 48;

/** A name as blocks know it, by its number in `words` or its status: no two names have the same. */
export function nameOfNumber(kind: NameKind, id: number): number {
  return nameKinds.indexOf(kind) * room + id;
}

/** Likewise by its text; two texts in 100,000,000,000,000 have the same. */
export function nameOfText(kind: NameKind, text: string): number {
  return nameOfNumber(kind, Number(Bun.hash.xxHash64(text) >> 16n) % (room - 1));
}

/** Every row is under this name. */
export const everyName = nameOfNumber("all", 0);

export function manyOf(kind: NameKind): number {
  return nameOfNumber(kind, room - 1);
}
