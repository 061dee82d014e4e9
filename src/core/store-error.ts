/** A file of the data directory that cannot be used, in words for the person who runs the gateway: file, cause, remedy. */
export class StoreError extends Error {
  override readonly name = "StoreError";
}
