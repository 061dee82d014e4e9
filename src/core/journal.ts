import type { NanoUsd } from "./money.ts";
import type { CallRow } from "./types.ts";

/** A call that passed authentication is about to be sent: until its row is there, this is what it may cost. */
export interface OpenEntry {
  readonly kind: "open";
  /** What its row will hold, as far as it is known; the cost is what is on hold, 0 included. */
  readonly row: CallRow;
  /** Milliseconds since the machine started: rates are counted again from here after a restart. */
  readonly bootMs: number;
  /** Estimated, for tokens per minute. */
  readonly tokens: number;
  /** Budgets of single models that it is charged to. */
  readonly modelScopes: readonly string[];
}

/** A call ended. It closes the open entry of its id, if there is one. */
export interface RowEntry {
  readonly kind: "row";
  readonly row: CallRow;
  readonly modelScopes: readonly string[];
}

/** An account enters a new period, with what counts as spent in it. */
export interface PeriodEntry {
  readonly kind: "period";
  readonly scope: string;
  /** Epoch milliseconds. */
  readonly start: number;
  readonly spentNanoUsd: NanoUsd;
}

/** Spend that came from elsewhere: of an imported key. */
export interface AdjustEntry {
  readonly kind: "adjust";
  readonly scope: string;
  readonly nanoUsd: NanoUsd;
}

/** So many more calls were refused before authentication. */
export interface RefusedEntry {
  readonly kind: "refused";
  /** Epoch milliseconds, a whole minute. */
  readonly minute: number;
  readonly route: string;
  readonly code: string;
  readonly count: number;
}

/** All that a journal holds. */
export type JournalEntry = OpenEntry | RowEntry | PeriodEntry | AdjustEntry | RefusedEntry;

/** The account of everybody together. */
export const everybody = "all";

/** Whose accounts a call's cost is added to, besides those of single models. */
export function scopesOf({ keyId, teamId, route }: CallRow): string[] {
  const scopes = [routeScope(route), everybody];
  if (teamId !== null) scopes.unshift(teamScope(teamId));
  if (keyId !== null) scopes.unshift(keyScope(keyId));
  return scopes;
}

export const keyScope = (id: string) => `key:${id}`;
export const teamScope = (id: string) => `team:${id}`;
export const routeScope = (id: string) => `route:${id}`;
/** Of a key's or a team's scope. The case of the model's name says nothing. */
export const modelScope = (scope: string, name: string) => `${scope}:model:${name.toLowerCase()}`;
