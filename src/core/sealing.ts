/** A text that only who has the salt key can read (AES-256-GCM). Base64, but for the key's id. */
export interface SealedText {
  /** Which of the salt key's lines it was sealed under. */
  readonly kid: string;
  readonly nonce: string;
  /** Ciphertext and tag. */
  readonly text: string;
}

/**
 * Seals texts under the last line of the salt key, and opens those that were sealed under any of its lines. `place`
 * (table, row and field) is bound in: moved elsewhere, a sealed text cannot be opened.
 */
export interface Sealer {
  /** Of the line under which is sealed from now on. */
  readonly kid: string;
  has(kid: string): boolean;
  seal(text: string, place: string): SealedText;
  /** Throws a `StoreError` where the key is missing, or the text was changed or moved. */
  open(sealed: SealedText, place: string): string;
}
