import { basename } from "node:path";
import { type Finding, fault, type KeyPath } from "./findings.ts";

export interface CompiledDatabase {
  /** Relative to the data directory; null where none is named. */
  readonly file: string | null;
  readonly findings: readonly Finding[];
}

/** Other things that stand in the data directory. */
const taken = new Set([
  "ledger.db",
  "logs.db",
  "journal",
  "salt_key",
  "salt_key.new",
  "control.sock",
  "tollgate.lock",
]);

/** `database_url`. Its value is never told: it may hold a password. */
export function compileDatabase(url: string | undefined, path: KeyPath): CompiledDatabase {
  if (url === undefined) return { file: null, findings: [] };
  const [, file] = /^sqlite:\/\/([^?#\0]+)$/i.exec(url) ?? [];
  if (file !== undefined && !file.endsWith("/") && !taken.has(basename(file))) {
    return { file, findings: [] };
  }
  return { file: null, findings: [wrong(url, file, path)] };
}

function wrong(url: string, file: string | undefined, path: KeyPath): Finding {
  if (file !== undefined) {
    const message = "this file is of another kind";
    return fault(path, message, "Write sqlite://tollgate.db, or take the key out.");
  }
  if (/^postgres(ql)?:/i.test(url)) {
    const message = "not in this version: PostgreSQL, which several nodes share";
    const remedy =
      "Take the key out and run one node, on SQLite: two that do not share would overrun their limits.";
    return fault(path, message, remedy, "not yet");
  }
  const message = "this is no database that can be used";
  return fault(path, message, "Write sqlite://FILE, or take the key out.");
}
