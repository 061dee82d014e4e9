import type { Limits, ModelLimits } from "./limits.ts";
import type { NanoUsd } from "./money.ts";

/** What keys and teams have in common. Times are epoch milliseconds. */
export interface PayerRecord {
  readonly id: string;
  readonly alias: string | null;
  readonly blocked: boolean;
  readonly limits: Limits;
  /** As it was written (`30d`); the parsed form stands in `limits.budget`, if there is one. */
  readonly budgetDuration: string | null;
  readonly modelLimits: ModelLimits | null;
  /** Names and patterns (`gpt-4*`); empty is every model. */
  readonly models: readonly string[];
  /** Paths, `/path/*`, or `llm_api_routes`; empty is every route. */
  readonly allowedRoutes: readonly string[];
  /** Paths of routes, with what is below them; empty is every route. */
  readonly allowedPassThroughRoutes: readonly string[];
  readonly tags: readonly string[];
  /** A JSON object, as text. */
  readonly metadata: string;
  readonly createdAt: number;
  readonly createdBy: string;
  readonly updatedAt: number;
  readonly updatedBy: string;
}

/** One virtual key, without the key itself: of that only its digest is kept. */
export interface KeyRecord extends PayerRecord {
  /** `KeyDigester.digest` of the key; for an imported one that was not used yet, of its plain SHA-256 in hex. */
  readonly digest: string;
  /** For display: `sk-...` and the last four characters. */
  readonly name: string;
  readonly teamId: string | null;
  readonly userId: string | null;
  /** `proxy_admin`: the key may administer. */
  readonly role: "proxy_admin" | null;
  readonly expiresAt: number | null;
  readonly softBudgetNanoUsd: NanoUsd | null;
}

export interface TeamRecord extends PayerRecord {}

/** A key as a token was found to be: one that is in force, blocked or expired ones included, or one that was revoked. */
export type FoundKey = KeyRecord | "revoked";

/** The keys that are known; asked on every call. */
export interface Keys {
  /** By the key itself, wherever it came from; null where it is none of ours. Costs no database query for unknown ones. */
  find(token: string): FoundKey | null;
  team(id: string): TeamRecord | null;
}

/** Who calls. */
export type Principal =
  | { readonly kind: "anonymous" }
  | { readonly kind: "master" }
  | { readonly kind: "key"; readonly key: KeyRecord; readonly team: TeamRecord | null };
