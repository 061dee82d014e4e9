import type { Database } from "bun:sqlite";
import type { KeyStore, PepperMark } from "../../core/key-store.ts";
import { auditIn } from "./audit.ts";
import { endpointsIn, sealedIn } from "./endpoints.ts";
import { keyMigrations } from "./key-schema.ts";
import { keysIn } from "./keys.ts";
import { openDatabase, storeError } from "./open.ts";
import { sessionsIn } from "./sessions.ts";
import { teamsIn } from "./teams.ts";

/**
 * Opens the store of keys, teams, endpoints, sessions and the audit log, and makes it where it is not there. Throws a `StoreError`.
 * What was committed survives a power cut.
 */
export function openKeyStore(file: string): KeyStore {
  const database = openDatabase(file, keyMigrations);
  database.run("PRAGMA secure_delete = ON"); // a digest that was replaced is not to be found in the file
  const keys = keysIn(database);
  const digests = digestsIn(database);
  const endpoints = endpointsIn(database);
  const hasSealed = sealedIn(database);
  return {
    ...keys,
    ...teamsIn(database),
    ...auditIn(database),
    ...digests,
    ...pepperIn(database),
    ...endpoints,
    ...sessionsIn(database),
    isEmpty: () => digests.isEmpty() && !hasSealed(),
    find: (digest) => explained(file, () => keys.find(digest)),
    digests: () => explained(file, digests.digests),
    endpoints: () => explained(file, endpoints.endpoints),
    atomically: (work) =>
      database.inTransaction
        ? work()
        : explained(file, () => database.transaction(work).immediate()),
    version: versionOf(database),
    close: () => database.close(),
  };
}

/** SQLite's own errors become such that name the file and a remedy; all others stay as they are. */
function explained<T>(file: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    throw code.startsWith("SQLITE_") ? storeError(file, error) : error;
  }
}

type Digests = Pick<
  KeyStore,
  "digests" | "addRevoked" | "replaceDigest" | "wasImported" | "addImported" | "isEmpty"
>;

function digestsIn(database: Database): Digests {
  const all = database.prepare<{ digest: string }, []>(
    "SELECT digest FROM keys UNION ALL SELECT digest FROM revoked",
  );
  const revoke = database.prepare<null, [string, string, number]>(
    "INSERT INTO revoked (digest, key_id, at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
  );
  const replace = ["keys", "revoked"].map((table) =>
    database.prepare<null, [string, string]>(`UPDATE ${table} SET digest = ? WHERE digest = ?`),
  );
  const imported = database.prepare<{ digest: string }, [string]>(
    "SELECT digest FROM imported WHERE digest = ?",
  );
  const addImported = database.prepare<null, [string]>("INSERT INTO imported (digest) VALUES (?)");
  return {
    digests: () => all.values().map(([digest]) => String(digest)),
    addRevoked: (digest, keyId, at) => void revoke.run(digest, keyId, at),
    replaceDigest: (from, to) => {
      for (const statement of replace) statement.run(to, from);
    },
    wasImported: (digest) => imported.get(digest) !== null,
    addImported: (digest) => void addImported.run(digest),
    isEmpty: () => all.get() === null,
  };
}

function pepperIn(database: Database): Pick<KeyStore, "pepper" | "setPepper"> {
  const get = database.prepare<PepperMark, []>('SELECT mark AS "check", source FROM pepper');
  const set = database.prepare<null, [string, string]>(
    "INSERT OR REPLACE INTO pepper (only, mark, source) VALUES (1, ?, ?)",
  );
  return { pepper: () => get.get(), setPepper: ({ check, source }) => void set.run(check, source) };
}

/** SQLite's own counter: it changes when another connection has committed. */
function versionOf(database: Database): () => number {
  const version = database.prepare<{ data_version: number }, []>("PRAGMA data_version");
  return () => version.get()?.data_version ?? 0;
}
