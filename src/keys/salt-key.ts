import { randomBytes } from "node:crypto";
import {
  closeSync,
  fsyncSync,
  linkSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { StoreError } from "../core/store-error.ts";

export type Environment = Readonly<Record<string, string | undefined>>;

/** Secrets of the data directory that are kept apart from it, one to a line. */
export interface SaltKey {
  /** At least one. The first is the pepper of keys, the last seals; none is empty. */
  readonly lines: readonly string[];
  /** For people. */
  readonly source: string;
  /** The data directory's own file, which the gateway may write; null where the text comes from elsewhere. */
  readonly file: string | null;
}

/** Where a salt key may stand, for people. */
export const saltKeyPlaces =
  "TOLLGATE_SALT_KEY, LITELLM_SALT_KEY, the credential salt_key, or the file salt_key in the data directory";

const fileName = "salt_key";

/** The data directory's own salt key. */
export function saltKeyFile(dataDirectory: string): string {
  return join(dataDirectory, fileName);
}

/**
 * The salt key of TOLLGATE_SALT_KEY, LITELLM_SALT_KEY, the credential `salt_key`, or the file `salt_key` in the data
 * directory: the first of them that there is, or null. The same text is the same salt key wherever it stands. Throws
 * a `StoreError` where one cannot be read, or might be read by anybody.
 */
export function saltKeyOf(dataDirectory: string, env: Environment): SaltKey | null {
  for (const name of ["TOLLGATE_SALT_KEY", "LITELLM_SALT_KEY"]) {
    const lines = linesOf(env[name] ?? "");
    if (lines.length > 0) return { lines, source: `the variable ${name}`, file: null };
  }
  const credentials = env["CREDENTIALS_DIRECTORY"] ?? "";
  const credential = credentials === "" ? null : saltKeyIn(join(credentials, fileName));
  if (credential !== null) return credential;
  const file = saltKeyFile(dataDirectory);
  refuseShared(file);
  const own = saltKeyIn(file);
  return own && { ...own, file };
}

/** 256 random bits, on the disk before anything is made with them. Throws a `StoreError`. */
export function makeSaltKey(dataDirectory: string): SaltKey {
  const file = saltKeyFile(dataDirectory);
  const line = newLine();
  const draft = `${file}.new-${process.pid}`;
  try {
    rmSync(draft, { force: true });
    writeFileSync(draft, `${line}\n`, { mode: 0o600, flag: "wx", flush: true });
    linkSync(draft, file); // whole or not at all, and never over another one
    rmSync(draft);
    syncDirectory(dirname(file));
  } catch (error) {
    throw new StoreError(
      `The file ${file}, for the pepper of the keys, cannot be made (${codeOf(error)}). Mend the directory's owner and mode, or set TOLLGATE_SALT_KEY.`,
      { cause: error },
    );
  }
  return { lines: [line], source: `the file ${file}`, file };
}

/**
 * Other lines in the data directory's own salt key: on the disk when this returns, and after a power cut the old ones
 * or the new ones. Nobody else may be at it meanwhile. Throws a `StoreError`.
 */
export function writeSaltKey(file: string, lines: readonly string[]): void {
  try {
    const place = realpathSync(file);
    const draft = `${place}.new`;
    rmSync(draft, { force: true });
    writeFileSync(draft, lines.map((line) => `${line}\n`).join(""), {
      mode: 0o600,
      flag: "wx",
      flush: true,
    });
    renameSync(draft, place);
    syncDirectory(dirname(place));
  } catch (error) {
    throw new StoreError(
      `The salt key in the file ${file} cannot be written (${codeOf(error)}). Mend the owner and mode of the file and of its directory.`,
      { cause: error },
    );
  }
}

/** A new line of a salt key: 256 random bits. */
export function newLine(): string {
  return randomBytes(32).toString("base64url");
}

function linesOf(text: string): string[] {
  return text
    .split(/[\r\n]+/)
    .map((line) => line.trim())
    .filter((line) => line !== "");
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
function saltKeyIn(file: string): SaltKey | null {
  const text = textOf(file);
  if (text === null) return null;
  const lines = linesOf(text);
  if (lines.length > 0) return { lines, source: `the file ${file}`, file: null };
  throw new StoreError(
    `The file ${file} is empty: it held the pepper of the keys. Restore it from a backup; if there are no keys yet, remove it.`,
  );
}

function textOf(file: string): string | null {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    const code = codeOf(error);
    if (code === "ENOENT") return null;
    throw new StoreError(
      `The file ${file}, which holds the pepper of the keys, cannot be read (${code}). Mend its owner and mode: only the gateway's user may read it.`,
      { cause: error },
    );
  }
}

function syncDirectory(directory: string): void {
  const descriptor = openSync(directory, "r");
  fsyncSync(descriptor);
  closeSync(descriptor);
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : String(error);
}
