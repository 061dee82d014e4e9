import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from "node:crypto";
import type { SealedText, Sealer } from "../core/sealing.ts";
import { StoreError } from "../core/store-error.ts";
import { type Environment, type SaltKey, saltKeyOf, saltKeyPlaces } from "./salt-key.ts";

const algorithm = "aes-256-gcm";
const keyBytes = 32;
const nonceBytes = 12;
const tagBytes = 16;

/** The salt key of a running gateway, which may get another line meanwhile. */
export interface Sealing {
  salt(): SaltKey;
  sealer(): Sealer;
  /** Reads the salt key again. Throws a `StoreError` where that cannot be done; then all stays as it was. */
  renew(): void;
}

/** What seals in a data directory; its salt key has to be there. Throws a `StoreError`. */
export function openSealing(dataDirectory: string, env: Environment): Sealing {
  const read = () => {
    const salt = saltKeyOf(dataDirectory, env);
    if (salt === null) throw gone();
    return { salt, sealer: sealerOf(salt) };
  };
  let now = read();
  return {
    salt: () => now.salt,
    sealer: () => now.sealer,
    renew: () => void (now = read()),
  };
}

/** Seals under the last line of a salt key, opens under all. */
export function sealerOf(salt: Pick<SaltKey, "lines" | "source">): Sealer {
  const keys = new Map<string, Buffer>();
  for (const line of salt.lines) keys.set(kidOf(line), derived(line, "creds-v1", keyBytes));
  const kid = kidOf(salt.lines.at(-1) ?? "");
  const keyOf = (wanted: string, place: string) => {
    const key = keys.get(wanted);
    if (key === undefined) throw missing(wanted, place, salt.source);
    return key;
  };
  return {
    kid,
    has: (other) => keys.has(other),
    seal: (text, place) => seal(keyOf(kid, place), kid, text, place),
    open: (sealed, place) => open(keyOf(sealed.kid, place), sealed, place),
  };
}

/** Names a line of a salt key, and tells nothing of it. */
export function kidOf(line: string): string {
  return derived(line, "kid-v1", 8).toString("hex");
}

function derived(line: string, info: string, bytes: number): Buffer {
  return Buffer.from(hkdfSync("sha256", line, "", info, bytes));
}

function seal(key: Buffer, kid: string, text: string, place: string): SealedText {
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv(algorithm, key, nonce, { authTagLength: tagBytes });
  cipher.setAAD(Buffer.from(place));
  const sealed = Buffer.concat([cipher.update(text, "utf8"), cipher.final(), cipher.getAuthTag()]);
  return { kid, nonce: nonce.toString("base64"), text: sealed.toString("base64") };
}

function open(key: Buffer, sealed: SealedText, place: string): string {
  const nonce = bytesOf(sealed.nonce);
  const bytes = bytesOf(sealed.text);
  if (nonce?.length !== nonceBytes || bytes === null || bytes.length < tagBytes) {
    throw changed(place);
  }
  try {
    const decipher = createDecipheriv(algorithm, key, nonce, { authTagLength: tagBytes });
    decipher.setAAD(Buffer.from(place));
    decipher.setAuthTag(bytes.subarray(-tagBytes));
    const text = Buffer.concat([decipher.update(bytes.subarray(0, -tagBytes)), decipher.final()]);
    return text.toString("utf8");
  } catch (cause) {
    throw changed(place, cause);
  }
}

/** Null for base64 that nobody would write: what stands in it twice would be two texts for one. */
function bytesOf(base64: string): Buffer | null {
  const bytes = Buffer.from(base64, "base64");
  return bytes.toString("base64") === base64 ? bytes : null;
}

function missing(kid: string, place: string, source: string): StoreError {
  return new StoreError(
    `A secret (${place}) is sealed under the line ${kid} of the salt key, which ${source} does not hold. A salt key comes from ${saltKeyPlaces}. Restore that line from a backup: below the first one, and above the last one if that is newer.`,
  );
}

function changed(place: string, cause?: unknown): StoreError {
  return new StoreError(
    `A secret (${place}) cannot be opened: its sealed text was changed, or moved from elsewhere. Restore the database from a backup.`,
    { cause },
  );
}

function gone(): StoreError {
  return new StoreError(
    `The salt key is gone: secrets are sealed under it. It comes from ${saltKeyPlaces}. Restore it.`,
  );
}
