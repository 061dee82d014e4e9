import { GatewayError } from "../core/errors.ts";
import { StoreError } from "../core/store-error.ts";

/** What is wrong with a file, and what to do, is for the admin who asked; its stack is for nobody. */
export function tellingStore<Result>(work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    throw new GatewayError("store_failed", { detail: error.message, cause: error.message });
  }
}
