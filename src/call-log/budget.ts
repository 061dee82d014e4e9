/** Bytes that may be in memory at once, over all calls. */
export interface Budget {
  /** False where so many are not left: nothing is taken then. */
  take(bytes: number): boolean;
  give(bytes: number): void;
  readonly taken: number;
}

export function createBudget(maxBytes: number): Budget {
  let taken = 0;
  return {
    take: (bytes) => {
      if (taken + bytes > maxBytes) return false;
      taken += bytes;
      return true;
    },
    give: (bytes) => void (taken -= bytes),
    get taken() {
      return taken;
    },
  };
}
