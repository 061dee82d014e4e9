import { randomBytes } from "node:crypto";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { maskKey, newKey } from "../src/core/key.ts";
import { digesterOf } from "../src/keys/pepper.ts";
import { newKeyRecord } from "../src/keys/records.ts";
import { openKeyStore } from "../src/storage/sqlite/key-store.ts";
import { limits } from "./gateways.ts";

/** A key in a store, and the id that its rows and its account have. */
export interface FilledKey {
  readonly key: string;
  readonly id: string;
}

const budget = { maxNanoUsd: limits.max_budget * 1e9, period: null };

/** Puts keys into a data directory that no gateway runs on, in one transaction: by requests it would take minutes. */
export function fillKeys(dataDirectory: string, count: number): FilledKey[] {
  mkdirSync(dataDirectory, { recursive: true, mode: 0o700 });
  const store = openKeyStore(join(dataDirectory, "tollgate.db"));
  const digester = digesterOf(store, dataDirectory, {});
  const at = Date.now();
  const changes = { limits: { rpm: limits.rpm_limit, tpm: null, parallel: null, budget } };
  const keys = Array.from({ length: count }, () => ({
    key: newKey(),
    id: randomBytes(16).toString("hex"),
  }));
  store.atomically(() => {
    for (const { key, id } of keys) {
      const made = { digest: digester.digest(key), name: maskKey(key) };
      store.addKey(newKeyRecord({ id, at, by: "bench" }, changes, made));
    }
  });
  store.close();
  return keys;
}
