import { resolve } from "node:path";
import type { EndpointBook, PrepareEndpoints } from "./core/endpoint-book.ts";
import type { KeyBook } from "./core/key-book.ts";
import type { KeyStore } from "./core/key-store.ts";
import { openEndpointBook } from "./endpoints/endpoint-book.ts";
import { createSessions, type Sessions } from "./http/session-book.ts";
import { openKeyBook } from "./keys/key-book.ts";
import { digesterOf } from "./keys/pepper.ts";
import { type Rotated, rotateSaltKey } from "./keys/rotate-salt-key.ts";
import { openSealing } from "./keys/sealer.ts";
import { causeText } from "./logging/cause-text.ts";
import { type OpenedLedger, openLedger, type LedgerOptions } from "./open-ledger.ts";
import { openKeyStore } from "./storage/sqlite/key-store.ts";

/** What admins keep: keys, endpoints, and who of them is signed in. */
export interface Books {
  readonly keys: KeyBook;
  readonly endpoints: EndpointBook;
  readonly sessions: Sessions;
  /** Seals every secret under a new line of the salt key. */
  readonly rotate: (actor: string) => Rotated;
}

/** What outlives a reload: keys, endpoints, counters, journal and store. */
export interface Services extends OpenedLedger, Books {}

export interface ServiceOptions extends LedgerOptions {
  /** Of keys, teams, endpoints and the audit log, relative to the data directory. */
  readonly databaseFile: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly prepare: PrepareEndpoints;
  /** The one in force; null where there is none. */
  readonly masterKey: () => string | null;
}

/** How soon a change that another process made is seen, at the latest. */
const refreshMs = 500;

/** Opens the data directory's files. Throws a `StoreError`. */
export function openServices(options: ServiceOptions): Services {
  const { dataDirectory, databaseFile } = options;
  const store = openKeyStore(resolve(dataDirectory, databaseFile));
  try {
    const books = openBooks(store, options);
    const ledger = openLedger(options);
    const refresh = setInterval(() => {
      books.keys.refresh();
      books.endpoints.refresh();
    }, refreshMs);
    refresh.unref();
    return {
      ...ledger,
      ...books,
      close: async () => {
        await ledger.close();
        clearInterval(refresh);
        store.close();
      },
    };
  } catch (error) {
    store.close();
    throw error;
  }
}

function openBooks(store: KeyStore, options: ServiceOptions): Books {
  const { dataDirectory, env, log, prepare, masterKey } = options;
  const digester = digesterOf(store, dataDirectory, env);
  const sealing = openSealing(dataDirectory, env);
  const keys = openKeyBook({
    store,
    digester,
    onFault: (error) => log.warn("key_not_upgraded", { cause: causeText(error) }),
  });
  const endpoints = openEndpointBook({
    store,
    sealing,
    audit: keys.audit.record.bind(keys.audit),
    prepare,
    onFault: (error) => log.error("endpoints_not_served", { cause: causeText(error) }),
  });
  const sessions = createSessions({
    store,
    book: keys,
    digest: (text) => digester.digest(text),
    masterKeyDigest: () => {
      const key = masterKey();
      return key === null ? null : digester.digest(key);
    },
  });
  const reseal = (actor: string) => endpoints.reseal(actor);
  return { keys, endpoints, sessions, rotate: (a) => rotateSaltKey({ store, sealing, reseal }, a) };
}
