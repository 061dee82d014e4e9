import { anthropicFold } from "./anthropic-fold.ts";
import type { HostedFormat } from "./hosted-format.ts";

const message = /\/messages\/?$/;
/** Its replies tell no usage. */
const legacy = /\/complete\/?$/;
/** A batch costs what its requests cost, later and elsewhere. */
const costsNothing = /\/(?:messages\/count_tokens|messages\/batches(?:\/[^/]+\/cancel)?|files)\/?$/;

/** The Messages API, as of `anthropic-version: 2023-06-01`. */
export const anthropic: HostedFormat = {
  id: "anthropic",
  serves: (host) => host === "anthropic.com" || host.endsWith(".anthropic.com"),
  fold({ method, path }) {
    if (method !== "POST" || isFreeMessageCall(path)) return "free";
    return message.test(path) ? anthropicFold("anthropic") : null;
  },
  modelOfPath: () => null,
  countsTokens: ({ method, path }) =>
    method === "POST" && (message.test(path) || legacy.test(path)),
};

/** Counts of tokens, batches and files. */
export function isFreeMessageCall(path: string): boolean {
  return costsNothing.test(path);
}
