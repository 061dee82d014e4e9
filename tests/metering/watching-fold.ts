import type { Folded, UsageFold } from "../../src/core/metering.ts";

/** What a fold was shown. */
export interface Shown {
  readonly message: unknown;
  readonly event: string | null;
}

/** A fold that remembers what it was shown, and takes its count of tokens from the last `usage` at the top. */
export interface WatchingFold extends UsageFold {
  readonly shown: Shown[];
}

export function watch(...markers: string[]): WatchingFold {
  const shown: Shown[] = [];
  return {
    markers,
    shown,
    add: (message, event) => void shown.push({ message, event }),
    result: () => folded(shown),
  };
}

function folded(shown: readonly Shown[]): Folded {
  const told = shown.map(({ message }) => tokensOf(message)).findLast((tokens) => tokens !== null);
  return {
    provider: "test",
    model: null,
    usage: told === undefined || told === null ? null : { output: told },
    isFinal: told !== undefined,
    isInvalid: false,
    once: null,
  };
}

function tokensOf(message: unknown): number | null {
  const usage = memberOf(message, "usage");
  const tokens = memberOf(usage, "total_tokens");
  return typeof tokens === "number" ? tokens : null;
}

function memberOf(value: unknown, name: string): unknown {
  if (typeof value !== "object" || value === null) return undefined;
  return Object.entries(value).find(([key]) => key === name)?.[1];
}
