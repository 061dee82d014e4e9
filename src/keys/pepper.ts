import { KeyDigester } from "../core/key.ts";
import type { KeyStore } from "../core/key-store.ts";
import { StoreError } from "../core/store-error.ts";
import { type Environment, makeSaltKey, type SaltKey, saltKeyFile, saltKeyOf } from "./salt-key.ts";

export type { Environment } from "./salt-key.ts";

/**
 * The digester of a store's keys. Its pepper is the first line of the salt key, which is made where there is none and
 * nothing that needs it either. Throws a `StoreError` where what is in the store was made with another one.
 */
export function digesterOf(
  store: Pick<KeyStore, "pepper" | "setPepper" | "isEmpty" | "atomically">,
  dataDirectory: string,
  env: Environment,
): KeyDigester {
  return store.atomically(() => {
    const mark = store.pepper();
    const bound = mark !== null && !store.isEmpty();
    const given = saltKeyOf(dataDirectory, env);
    if (bound && given === null) throw lost(mark.source, saltKeyFile(dataDirectory));
    const { lines, source } = given ?? makeSaltKey(dataDirectory);
    const digester = new KeyDigester(lines[0] ?? "");
    const check = digester.check();
    if (bound && check !== mark.check) {
      throw isMoved(lines, mark.check) ? moved(source) : other(source, mark.source);
    }
    if (check !== mark?.check || source !== mark.source) store.setPepper({ check, source });
    return digester;
  });
}

/** Whether the pepper is there, but not in the first line. */
function isMoved(lines: SaltKey["lines"], check: string): boolean {
  return lines.some((line) => new KeyDigester(line).check() === check);
}

function moved(source: string): StoreError {
  return new StoreError(
    `The keys in the database were made with another line of the salt key from ${source} than its first. Put that line first again: new ones go below it.`,
  );
}

function lost(before: string, file: string): StoreError {
  return new StoreError(
    `The pepper of the keys is gone: it came from ${before}. ${restore(before)} Without it no key can be known again, and no secret of an endpoint be read; to start without those that there are, move the database away from beside ${file}.`,
  );
}

function other(now: string, before: string): StoreError {
  const same = now === before;
  return new StoreError(
    `The keys in the database were made with the pepper from ${before}, and ${same ? "that is another one now" : `${now} holds another one`}. ${restore(before)}${same ? "" : ` Or give ${now} the same text.`}`,
  );
}

function restore(before: string): string {
  return before.startsWith("the variable ")
    ? `Set ${before.slice("the variable ".length)} to what it was.`
    : `Restore ${before} from a backup.`;
}
