import type { Runtime } from "./runtime.ts";

/** Settings that are read at the start alone, by the names that the file gives them. */
const fixed = {
  database_url: ({ databaseFile }: Runtime) => databaseFile,
  disable_spend_logs: ({ keepRows }: Runtime) => keepRows,
  ledger_sync: ({ ledgerSync }: Runtime) => ledgerSync,
  metrics_listen: ({ metricsListen: listen }: Runtime) =>
    listen && `${listen.hostname} ${listen.port}`,
} as const;

/** Of a config that was read anew: what it says otherwise than the one that the process started with. */
export function restartNeeded(atStart: Runtime, now: Runtime): string[] {
  return Object.entries(fixed)
    .filter(([, valueOf]) => valueOf(atStart) !== valueOf(now))
    .map(([key]) => `general_settings.${key}`);
}
