import { randomBytes } from "node:crypto";
import {
  closeSync,
  fsyncSync,
  linkSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { KeyDigester } from "../core/key.ts";
import type { KeyStore } from "../core/key-store.ts";
import { StoreError } from "../core/store-error.ts";

export type Environment = Readonly<Record<string, string | undefined>>;

interface Pepper {
  readonly secret: string;
  /** For people. */
  readonly source: string;
}

const fileName = "salt_key";

/**
 * The digester of a store's keys. Its pepper comes from TOLLGATE_SALT_KEY, LITELLM_SALT_KEY, the credential
 * `salt_key`, or the file `salt_key` in the data directory, which is made where there is none and no key either.
 * The same text is the same pepper wherever it stands. Throws a `StoreError` where keys were made with another one.
 */
export function digesterOf(
  store: Pick<KeyStore, "pepper" | "setPepper" | "isEmpty" | "atomically">,
  dataDirectory: string,
  env: Environment,
): KeyDigester {
  return store.atomically(() => {
    const file = join(dataDirectory, fileName);
    const mark = store.pepper();
    const bound = mark !== null && !store.isEmpty();
    const given = pepperFrom(file, env);
    if (bound && given === null) throw lost(mark.source, file);
    const { secret, source } = given ?? makePepper(file);
    const digester = new KeyDigester(secret);
    const check = digester.check();
    if (bound && check !== mark.check) throw other(source, mark.source);
    if (check !== mark?.check || source !== mark.source) store.setPepper({ check, source });
    return digester;
  });
}

function pepperFrom(file: string, env: Environment): Pepper | null {
  for (const name of ["TOLLGATE_SALT_KEY", "LITELLM_SALT_KEY"]) {
    const secret = env[name]?.trim() ?? "";
    if (secret !== "") return { secret, source: `the variable ${name}` };
  }
  const credentials = env["CREDENTIALS_DIRECTORY"] ?? "";
  const credential = credentials === "" ? null : pepperInFile(join(credentials, fileName));
  if (credential !== null) return credential;
  refuseShared(file);
  return pepperInFile(file);
}

/** The owner of a credential is the service manager; this file is ours. */
function refuseShared(file: string): void {
  const mode = statSync(file, { throwIfNoEntry: false })?.mode ?? 0;
  if (process.platform === "win32" || (mode & 0o006) === 0) return;
  throw new StoreError(
    `The file ${file}, which holds the pepper of the keys, may be read or written by others than its owner. If nobody else had it: chmod 600 ${file}`,
  );
}

/** Null where there is no such file. */
function pepperInFile(file: string): Pepper | null {
  const secret = textOf(file)?.trim();
  if (secret === undefined) return null;
  if (secret !== "") return { secret, source: `the file ${file}` };
  throw new StoreError(
    `The file ${file} is empty: it held the pepper of the keys. Restore it from a backup; if there are no keys yet, remove it.`,
  );
}

function textOf(file: string): string | null {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : String(error);
    if (code === "ENOENT") return null;
    throw new StoreError(
      `The file ${file}, which holds the pepper of the keys, cannot be read (${code}). Mend its owner and mode: only the gateway's user may read it.`,
      { cause: error },
    );
  }
}

/** 256 random bits, on the disk before any key is made with them. */
function makePepper(file: string): Pepper {
  const secret = randomBytes(32).toString("base64url");
  const draft = `${file}.new-${process.pid}`;
  try {
    rmSync(draft, { force: true });
    writeFileSync(draft, `${secret}\n`, { mode: 0o600, flag: "wx", flush: true });
    linkSync(draft, file); // whole or not at all, and never over another one
    rmSync(draft);
    syncDirectory(dirname(file));
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : String(error);
    throw new StoreError(
      `The file ${file}, for the pepper of the keys, cannot be made (${code}). Mend the directory's owner and mode, or set TOLLGATE_SALT_KEY.`,
      { cause: error },
    );
  }
  return { secret, source: `the file ${file}` };
}

function syncDirectory(directory: string): void {
  const descriptor = openSync(directory, "r");
  fsyncSync(descriptor);
  closeSync(descriptor);
}

function lost(before: string, file: string): StoreError {
  return new StoreError(
    `The pepper of the keys is gone: it came from ${before}. ${restore(before)} Without it no key can be known again; to start without the keys that there are, move the database away from beside ${file}.`,
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
