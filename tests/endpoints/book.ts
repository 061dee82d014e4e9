import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { GatewayError } from "../../src/core/errors.ts";
import type { PrepareEndpoints, StoredEndpoint } from "../../src/core/endpoint-book.ts";
import type { KeyStore } from "../../src/core/key-store.ts";
import { openEndpointBook } from "../../src/endpoints/endpoint-book.ts";
import { AuditTrail } from "../../src/keys/audit-trail.ts";
import { digesterOf } from "../../src/keys/pepper.ts";
import { rotateSaltKey } from "../../src/keys/rotate-salt-key.ts";
import type { Environment } from "../../src/keys/salt-key.ts";
import { openSealing } from "../../src/keys/sealer.ts";
import { openKeyStore } from "../../src/storage/sqlite/key-store.ts";
import { temporaryDirectory } from "../keys/book.ts";

export interface Options {
  readonly env?: Environment;
  readonly prepare?: PrepareEndpoints;
  /** What the book sees in place of the store. */
  readonly seen?: (store: KeyStore) => KeyStore;
}

/** The endpoints of a data directory, as one process has them; paths are nobody's twice. */
export function openBook(directory: string, options: Options = {}) {
  const { env = {}, prepare, seen = (store) => store } = options;
  const store = seen(openKeyStore(join(directory, "tollgate.db")));
  let served: readonly StoredEndpoint[] = [];
  const faults: unknown[] = [];
  const audit = new AuditTrail(store, () => 1_000);
  const serve: PrepareEndpoints = (next) => {
    const paths = next.map(({ settings }) => settings["path"]);
    if (new Set(paths).size < paths.length) {
      throw new GatewayError("request_invalid", { detail: "Two have one path." });
    }
    return () => void (served = next);
  };
  try {
    digesterOf(store, directory, env);
    const sealing = openSealing(directory, env);
    const book = openEndpointBook({
      store,
      sealing,
      audit: (entry) => audit.record(entry),
      prepare: prepare ?? serve,
      now: () => 1_000,
      onFault: (error) => faults.push(error),
    });
    served = book.all();
    return {
      book,
      store,
      sealing,
      faults,
      served: () => served,
      entries: () => store.audit({}, { page: 1, size: 1_000 }).items,
      rotate: () =>
        rotateSaltKey({ store, sealing, reseal: (actor) => book.reseal(actor) }, "tester"),
      [Symbol.dispose]: () => store.close(),
    };
  } catch (error) {
    store.close();
    throw error;
  }
}

/** A book in a directory of its own, and others beside it, as other processes have them. */
export function testBooks(options: Options = {}) {
  const directory = temporaryDirectory();
  const stores: Disposable[] = [];
  const open = (more: Options = {}) => {
    const opened = openBook(directory.path, { ...options, ...more });
    stores.push(opened);
    return opened;
  };
  return {
    directory: directory.path,
    saltKey: join(directory.path, "salt_key"),
    lines: () => readFileSync(join(directory.path, "salt_key"), "utf8").trim().split("\n"),
    /** Everything in the database's files. */
    bytes: () =>
      ["tollgate.db", "tollgate.db-wal"]
        .map((name) => join(directory.path, name))
        .map((file) => (existsSync(file) ? readFileSync(file, "latin1") : ""))
        .join(""),
    open,
    [Symbol.dispose]: () => {
      for (const store of stores) store[Symbol.dispose]();
      directory[Symbol.dispose]();
    },
  };
}

/** Settings of an endpoint with secrets in all three places. */
export const secretSettings = {
  path: "/bria",
  target: "https://api.example.com/v1?model=m&key=target-secret-9999",
  headers: {
    "User-Agent": "harmless",
    Authorization: "Bearer header-secret-1234",
    accept: "text/plain",
    "x.dotted.name": "dotted-secret-5678",
    "x-number": 123_456_789_012,
  },
  default_query_params: { page: "1", token: "query-secret-abcd" },
};

export const secrets = [
  "target-secret-9999",
  "header-secret-1234",
  "dotted-secret-5678",
  "123456789012",
  "query-secret-abcd",
];
