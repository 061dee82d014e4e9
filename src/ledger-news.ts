import type { KeyRecord } from "./core/key-record.ts";
import { type NanoUsd, usdOfNano } from "./core/money.ts";
import type { Log } from "./logging/log.ts";

/** What the log says of a ledger: a key that reached its soft budget. Nothing is refused for it. */
export function tellSoftBudget(log: Log, { id, alias }: KeyRecord, spentNanoUsd: NanoUsd): void {
  log.warn("soft_budget", { key: id, alias, spent_usd: usdOfNano(spentNanoUsd) });
}

/** Writing the journal fails with `code`; null: it works again. */
export function tellJournal(log: Log, folder: string, code: string | null): void {
  if (code === null) log.info("journal_recovered", { folder });
  else {
    const message = `the journal in ${folder} cannot be written (${code}): budgeted callers are refused until it can`;
    log.error("journal_failing", { code, message });
  }
}

/** Folding fails for `reason`; null: it works again. */
export function tellStore(log: Log, file: string, reason: string | null): void {
  if (reason === null) log.info("ledger_recovered", { file });
  else log.error("ledger_failing", { message: `${file} cannot be written: ${reason}` });
}

/** Logged bodies are lost for `reason`; null: they are kept again. */
export function tellBodyLog(log: Log, file: string, reason: string | null): void {
  if (reason === null) log.info("body_log_recovered", { file });
  else
    log.error("body_log_failing", {
      message: `${file} cannot be written, bodies are lost: ${reason}`,
    });
}

/** A log of bodies was of no use, and a new one was begun. */
export function tellMovedAside(log: Log, place: string, reason: string): void {
  log.error("body_log_moved", {
    message: `the log of bodies was damaged (${reason}): it is ${place} now`,
  });
}
