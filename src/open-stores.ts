import { resolve } from "node:path";
import type { Keys } from "./core/key-record.ts";
import { StoreError } from "./core/store-error.ts";
import { tellBodyLog, tellMovedAside } from "./ledger-news.ts";
import { type BodyLogWork, openBodyLog } from "./log-work.ts";
import type { Log } from "./logging/log.ts";
import { StartError } from "./process/start-error.ts";
import type { Runtime } from "./runtime.ts";
import { openServices, type ServiceOptions, type Services } from "./services.ts";

/** Everything that a gateway keeps. */
export interface Stores extends Services {
  readonly bodies: BodyLogWork;
}

/** The keys of services that are opened later: which ones they are is said by the config that asks for them. */
export function lateKeys(book: () => Keys): Keys {
  return { find: (token) => book().find(token), team: (id) => book().team(id) };
}

/** The stores as the config wants them; which files those are is fixed until the next start. Throws a `StartError`. */
export function openStores(
  own: Pick<ServiceOptions, "dataDirectory" | "env" | "handover" | "prepare">,
  current: () => Runtime,
  log: Log,
): Stores {
  const { databaseFile, keepRows, ledgerSync } = current();
  try {
    const services = openServices({
      ...own,
      masterKey: () => current().masterKey,
      databaseFile: databaseFile ?? "tollgate.db",
      log,
      rules: () => {
        const { everybody, holds, retention, allowsUnrecorded } = current();
        return { everybody, retention, ...holds, openWhenUnavailable: allowsUnrecorded };
      },
      syncEveryTurn: ledgerSync === "turn",
      keepRows,
    });
    const bodies = openBodies(resolve(own.dataDirectory, "logs.db"), current, log);
    return { ...services, bodies, close: () => closeAll(services, bodies) };
  } catch (error) {
    throw error instanceof StoreError ? new StartError(error.message, 1) : error;
  }
}

/** No file is touched before the first body is logged, or asked for. */
function openBodies(file: string, current: () => Runtime, log: Log): BodyLogWork {
  return openBodyLog({
    file,
    retention: () => current().bodyLog.retention,
    secrets: () => current().secrets,
    troubled: (reason) => tellBodyLog(log, file, reason),
    movedAside: (place, reason) => tellMovedAside(log, place, reason),
  });
}

async function closeAll(services: Services, bodies: BodyLogWork): Promise<void> {
  await bodies.close();
  await services.close();
}
