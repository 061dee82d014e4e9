import type {
  FoundKey,
  KeyRecord,
  Keys,
  Principal,
  TeamRecord,
} from "../../src/core/key-record.ts";
import { noLimits } from "../../src/core/limits.ts";
import type { Body, Call } from "../../src/core/types.ts";

const payer = {
  alias: null,
  blocked: false,
  limits: noLimits,
  budgetDuration: null,
  modelLimits: null,
  models: [],
  allowedRoutes: [],
  allowedPassThroughRoutes: [],
  tags: [],
  metadata: "{}",
  createdAt: 0,
  createdBy: "master key",
  updatedAt: 0,
  updatedBy: "master key",
};

/** A key without any limit, with what a test is about. */
export function keyRecord(parts: Partial<KeyRecord> = {}): KeyRecord {
  return {
    ...payer,
    id: "k1",
    digest: "d1",
    name: "sk-...last",
    teamId: null,
    userId: null,
    role: null,
    expiresAt: null,
    softBudgetNanoUsd: null,
    ...parts,
  };
}

/** A team without any limit, with what a test is about. */
export function teamRecord(parts: Partial<TeamRecord> = {}): TeamRecord {
  return { ...payer, id: "t1", ...parts };
}

/** Whoever holds such a key. */
export function holder(key: Partial<KeyRecord> = {}, team: TeamRecord | null = null): Principal {
  return { kind: "key", key: keyRecord(key), team };
}

export interface CountedKeys extends Keys {
  /** Each token that was looked for. */
  readonly asked: string[];
}

/** The keys of a gateway, by themselves. */
export function keysOf(
  found: Readonly<Record<string, FoundKey>> = {},
  teams: readonly TeamRecord[] = [],
): CountedKeys {
  const asked: string[] = [];
  return {
    asked,
    find: (token) => {
      asked.push(token);
      return Object.hasOwn(found, token) ? (found[token] ?? null) : null;
    },
    team: (id) => teams.find((team) => team.id === id) ?? null,
  };
}

export interface CallParts {
  readonly method?: string;
  readonly path?: string;
  readonly query?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** The listener's address, and the peer's. */
  readonly isLocal?: boolean;
}

/** A call as the pipeline opens it. */
export function callOf(parts: CallParts = {}): Call {
  const { method = "POST", path = "/", query = "", headers = {}, isLocal = false } = parts;
  return {
    id: "id",
    request: new Request("http://localhost/"),
    headers: { host: "localhost", ...headers },
    method,
    path,
    query,
    entrance: {
      addressOf: () => (isLocal ? "127.0.0.1" : "192.0.2.1"),
      onLoopback: isLocal,
      isTls: false,
      hold: () => {},
      release: () => {},
    },
  };
}

/** A body that was read whole. */
export function bytesOf(content: string | Uint8Array): Body {
  const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
  return { kind: "bytes", bytes: new Uint8Array(bytes).buffer };
}
