import type { AdminDeps } from "../../src/http/admin-auth.ts";
import { createFailedAttempts } from "../../src/http/failed-attempts.ts";
import { testBook } from "../keys/book.ts";
import { build } from "../config/load.ts";

/** What the parts of the admin API need, for an entrance that is trusted; over a real key book. */
export function trustedAdmin(yaml = "general_settings: {}\n") {
  const keys = testBook();
  const rules = build(yaml).runtime?.rules;
  if (rules === undefined) throw new Error("a config with faults");
  const deps: AdminDeps = {
    rules: () => rules,
    adminHosts: () => new Set<string>(),
    entrance: {
      addressOf: () => "127.0.0.1",
      onLoopback: true,
      isTls: false,
      hold: () => {},
      release: () => {},
    },
    book: keys.book,
    standings: { standing: () => ({ spentNanoUsd: 0, heldNanoUsd: 0, periodStart: 0 }) },
    adjust: () => {},
    masterKey: () => null,
    failures: createFailedAttempts(() => 0),
    sessions: null,
    trusted: "test",
  };
  return { deps, [Symbol.dispose]: () => keys[Symbol.dispose]() };
}

export function adminRequest(method: string, path: string): Request {
  return new Request(`http://localhost${path}`, { method, headers: { host: "localhost" } });
}
