import { openLedger } from "../src/storage/sqlite/ledger-store.ts";
import { type Calls, madeUpCall } from "./ledger-calls.ts";

const batch = 1_000;

/**
 * Puts the first `count` of a year's calls into a ledger's database, which has to be migrated, past the journal. Gives
 * how long the store took, in milliseconds.
 */
export function fillLedger(file: string, calls: Calls, count: number): number {
  const ledger = openLedger(file);
  let spent = 0;
  for (let first = 0; first < count; first += batch) {
    const size = Math.min(batch, count - first);
    const entries = Array.from({ length: size }, (_, index) => {
      const row = madeUpCall(calls, first + index);
      return { kind: "row", row, modelScopes: [] } as const;
    });
    const at = performance.now();
    ledger.fold("direct", first, first + size, entries);
    spent += performance.now() - at;
  }
  ledger.close();
  return spent;
}
