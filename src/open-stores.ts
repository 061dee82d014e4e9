import type { Keys } from "./core/key-record.ts";
import { StoreError } from "./core/store-error.ts";
import type { Log } from "./logging/log.ts";
import { StartError } from "./process/start-error.ts";
import type { Runtime } from "./runtime.ts";
import { openServices, type ServiceOptions, type Services } from "./services.ts";

/** The keys of services that are opened later: which ones they are is said by the config that asks for them. */
export function lateKeys(book: () => Keys): Keys {
  return { find: (token) => book().find(token), team: (id) => book().team(id) };
}

/** The services as the config wants them; which files those are is fixed until the next start. Throws a `StartError`. */
export function openStores(
  own: Pick<ServiceOptions, "dataDirectory" | "env" | "handover">,
  current: () => Runtime,
  log: Log,
): Services {
  const { databaseFile, keepRows, ledgerSync } = current();
  try {
    return openServices({
      ...own,
      databaseFile: databaseFile ?? "tollgate.db",
      log,
      rules: () => {
        const { everybody, holds, retention, allowsUnrecorded } = current();
        return { everybody, retention, ...holds, openWhenUnavailable: allowsUnrecorded };
      },
      syncEveryTurn: ledgerSync === "turn",
      keepRows,
    });
  } catch (error) {
    throw error instanceof StoreError ? new StartError(error.message, 1) : error;
  }
}
