import { randomBytes } from "node:crypto";
import type { AuditFilter, AuditLog, Page, PageRequest, AuditEntry } from "../core/key-book.ts";
import type { KeyRecord, TeamRecord } from "../core/key-record.ts";
import type { KeyStore } from "../core/key-store.ts";
import { keyView, teamView } from "./audit-view.ts";

/** Before and after a change; null where there is nothing. */
export interface Change<Item> {
  readonly before: Item | null;
  readonly after: Item | null;
}

/** Writes changes down, within the transaction that makes them. */
export class AuditTrail implements AuditLog {
  readonly #store: KeyStore;
  readonly #now: () => number;

  constructor(store: KeyStore, now: () => number) {
    this.#store = store;
    this.#now = now;
  }

  record(entry: Omit<AuditEntry, "id" | "at">): void {
    const id = randomBytes(16).toString("hex");
    const { actor, action, subject, before, after } = entry;
    this.#store.atomically(() =>
      this.#store.addAudit({ id, at: this.#now(), actor, action, subject, before, after }),
    );
  }

  list(filter: AuditFilter, page: PageRequest): Page<AuditEntry> {
    return this.#store.audit(filter, page);
  }

  key(actor: string, action: string, { before, after }: Change<KeyRecord>): void {
    const subject = (after ?? before)?.id ?? "";
    this.record({
      actor,
      action,
      subject,
      before: before && keyView(before),
      after: after && keyView(after),
    });
  }

  team(actor: string, action: string, { before, after }: Change<TeamRecord>): void {
    const subject = (after ?? before)?.id ?? "";
    this.record({
      actor,
      action,
      subject,
      before: before && teamView(before),
      after: after && teamView(after),
    });
  }
}
