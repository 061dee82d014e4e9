import { isUsd, type NanoUsd, nanoOfUsd } from "../core/money.ts";
import { isCount } from "../core/usage.ts";
import type { ReplyHeaders } from "./reply-headers.ts";

/** What an upstream that is another gateway says of its own costs. */
export interface Trusted {
  readonly costNanoUsd: NanoUsd | null;
  readonly tokens: number | null;
  readonly isInvalid: boolean;
}

export const untrusted: Trusted = { costNanoUsd: null, tokens: null, isInvalid: false };

/** `trust_upstream_cost`: `x-litellm-response-cost` and `x-litellm-total-tokens` of a reply. */
export function trustedOf(headers: ReplyHeaders): Trusted {
  const cost = headers["x-litellm-response-cost"] ?? null;
  const tokens = headers["x-litellm-total-tokens"] ?? null;
  if (cost === null && tokens === null) return untrusted;
  const usd = numberOf(cost);
  const total = numberOf(tokens);
  return {
    costNanoUsd: usd !== null && isUsd(usd) ? nanoOfUsd(usd) : null,
    tokens: isCount(total) ? total : null,
    isInvalid:
      (cost !== null && (usd === null || !isUsd(usd))) || (tokens !== null && !isCount(total)),
  };
}

function numberOf(text: string | null): number | null {
  return text !== null && /^\d+(?:\.\d+)?(?:e[+-]?\d+)?$/i.test(text) ? Number(text) : null;
}
