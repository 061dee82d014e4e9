import { resolve } from "node:path";
import type { KeyBook } from "./core/key-book.ts";
import { openKeyBook } from "./keys/key-book.ts";
import { digesterOf } from "./keys/pepper.ts";
import { causeText } from "./logging/cause-text.ts";
import type { Log } from "./logging/log.ts";
import { type OpenedLedger, openLedger, type LedgerOptions } from "./open-ledger.ts";
import { openKeyStore } from "./storage/sqlite/key-store.ts";

/** What outlives a reload: keys, counters, journal and store. */
export interface Services extends OpenedLedger {
  readonly keys: KeyBook;
}

export interface ServiceOptions extends LedgerOptions {
  /** Of keys, teams and the audit log, relative to the data directory. */
  readonly databaseFile: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** How soon a change that another process made to keys is seen, at the latest. */
const refreshMs = 500;

/** Opens the data directory's files. Throws a `StoreError`. */
export function openServices(options: ServiceOptions): Services {
  const keys = openKeys(options, options.log);
  const refresh = setInterval(() => keys.refresh(), refreshMs);
  refresh.unref();
  const closeKeys = () => {
    clearInterval(refresh);
    keys.close();
  };
  try {
    const ledger = openLedger(options);
    return {
      ...ledger,
      keys,
      close: async () => {
        await ledger.close();
        closeKeys();
      },
    };
  } catch (error) {
    closeKeys();
    throw error;
  }
}

function openKeys({ dataDirectory, databaseFile, env }: ServiceOptions, log: Log): KeyBook {
  const store = openKeyStore(resolve(dataDirectory, databaseFile));
  const onFault = (error: unknown) => log.warn("key_not_upgraded", { cause: causeText(error) });
  try {
    return openKeyBook({ store, digester: digesterOf(store, dataDirectory, env), onFault });
  } catch (error) {
    store.close();
    throw error;
  }
}
