import type { KeyBook } from "../core/key-book.ts";

/** What a removed key or team was called at last: the audit log keeps it. Null where it had no name, or was none. */
export function pastAlias(book: KeyBook, kind: "key" | "team", subject: string): string | null {
  const action = kind === "key" ? "key.revoke" : "team.remove";
  const [last] = book.audit.list({ action, subject }, { page: 1, size: 1 }).items;
  const before: unknown = JSON.parse(last?.before ?? "null");
  const alias: unknown = Reflect.get(Object(before), `${kind}_alias`);
  return typeof alias === "string" ? alias : null;
}
