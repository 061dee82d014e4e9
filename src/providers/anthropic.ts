import { anthropicFold } from "./anthropic-fold.ts";
import type { HostedFormat } from "./hosted-format.ts";

const generates = /\/(?:messages|complete)\/?$/;
/** A batch costs what its requests cost, later and elsewhere. */
const costsNothing = /\/(?:messages\/count_tokens|messages\/batches(?:\/.*)?|files)\/?$/;

/** The Messages API (and its predecessor, whose replies tell no usage), as of `anthropic-version: 2023-06-01`. */
export const anthropic: HostedFormat = {
  id: "anthropic",
  serves: (host) => host === "anthropic.com" || host.endsWith(".anthropic.com"),
  fold({ method, path }) {
    if (method !== "POST" || costsNothing.test(path)) return "free";
    return generates.test(path) ? anthropicFold("anthropic") : null;
  },
  modelOfPath: () => null,
  countsTokens: ({ method, path }) => method === "POST" && generates.test(path),
};
