import type { EndpointStore } from "../core/endpoint-book.ts";
import { GatewayError } from "../core/errors.ts";
import type { KeyStore } from "../core/key-store.ts";
import { newLine, type SaltKey, writeSaltKey } from "./salt-key.ts";
import { kidOf, type Sealing } from "./sealer.ts";

export interface RotationParts {
  readonly store: Pick<EndpointStore, "endpoints"> & Pick<KeyStore, "atomically">;
  readonly sealing: Sealing;
  /** `EndpointBook.reseal`. */
  readonly reseal: (actor: string) => number;
}

/** What a rotation did. */
export interface Rotated {
  /** How many texts were sealed under another line. */
  readonly resealed: number;
  /** Of the line under which all are sealed now. */
  readonly kid: string;
  /** How many lines the salt key has now. */
  readonly lines: number;
}

/**
 * Gives the salt key a new last line, seals every secret under it, and takes out the lines that nothing needs any
 * more; the first is the pepper of keys, and stays. Broken off anywhere it leaves everything readable: a line is on
 * the disk before anything is sealed under it, and goes after that was committed. Where the salt key is not ours to
 * write, all is sealed under the last line that it has; `request_invalid` where that is so already.
 */
export function rotateSaltKey(parts: RotationParts, actor: string): Rotated {
  const { store, sealing, reseal } = parts;
  const resealed = store.atomically(() => {
    sealing.renew(); // nobody else rotates while this holds the store
    const { file, lines } = sealing.salt();
    if (file === null) mustHaveNewLine(parts);
    else writeSaltKey(file, [...lines, newLine()]);
    return reseal(actor);
  });
  store.atomically(() => removeUnused(parts));
  return { resealed, kid: sealing.sealer().kid, lines: sealing.salt().lines.length };
}

/** Somebody has to have put another line below the old ones, and not have asked before. */
function mustHaveNewLine({ store, sealing }: RotationParts): void {
  const salt = sealing.salt();
  const used = kidsIn(store);
  const { kid } = sealing.sealer();
  const isDone = used.size === 0 ? salt.lines.length === 1 : [...used].every((one) => one === kid);
  if (!isDone) return;
  throw new GatewayError("request_invalid", {
    detail: `The salt key comes from ${salt.source}, which the gateway does not write: add a line to it (a new random key below the old one), restart, and run this again.`,
  });
}

function removeUnused({ store, sealing }: RotationParts): void {
  sealing.renew();
  const { file, lines } = sealing.salt();
  if (file === null) return;
  const left = linesInUse(lines, kidsIn(store));
  if (left.length === lines.length) return;
  writeSaltKey(file, left);
  sealing.renew();
}

/** The first is the pepper, under the last is sealed; of the others those under which something is. */
function linesInUse(lines: SaltKey["lines"], used: ReadonlySet<string>): string[] {
  const last = lines.length - 1;
  return lines.filter((line, at) => at === 0 || at === last || used.has(kidOf(line)));
}

function kidsIn(store: Pick<EndpointStore, "endpoints">): Set<string> {
  const texts = store.endpoints().flatMap(({ sealed }) => Object.values(sealed));
  return new Set(texts.map(({ kid }) => kid));
}
