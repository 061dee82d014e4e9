import { codeLike } from "./secret-names.ts";

/** What stands for a value that is not kept. */
export const redacted = "[redacted]";

/** Headers whose values are kept; of all others only the name is. */
const safeNames = new Set(
  `accept accept-encoding accept-language accept-ranges age allow anthropic-beta anthropic-version cache-control
   cf-cache-status cf-ray connection content-disposition content-encoding content-language content-length
   content-range content-type date etag expect expires helicone-id host idempotency-key if-match if-none-match
   last-modified mistral-correlation-id openai-beta openai-model openai-organization openai-processing-ms
   openai-project openai-version origin pragma range request-id retry-after retry-after-ms server server-timing
   traceparent tracestate transfer-encoding user-agent vary via x-amzn-requestid x-amzn-bedrock-cache-read-input-token-count
   x-amzn-bedrock-cache-write-input-token-count x-amzn-bedrock-input-token-count x-amzn-bedrock-invocation-latency
   x-accel-buffering
   x-amzn-bedrock-output-token-count x-cloud-trace-context x-content-type-options x-correlation-id
   x-envoy-upstream-service-time x-goog-api-client x-ms-region x-ms-request-id x-request-id x-sample-upstream
   x-should-retry`.split(/\s+/),
);
const safePrefixes = /^(?:x-ratelimit-|anthropic-ratelimit-|x-litellm-|x-stainless-|x-tollgate-)/;

/** Names of a safe family that are none of it. */
const unsafe = /api-key|authorization|secret|cookie|password|-token$/;

/** Longer values are cut. */
const longest = 1_024;

/** The headers as they are kept: values only of those that are known to hold no secret. */
export function safeHeaders(headers: Readonly<Record<string, string>>): Record<string, string> {
  const safe: Record<string, string> = {};
  for (const name in headers) {
    const value = headers[name] ?? "";
    if (kindOf(name) !== "safe") safe[name] = redacted;
    else safe[name] = value.length > longest ? `${value.slice(0, longest)}…` : value;
  }
  return safe;
}

/** The values that are not kept and may turn up elsewhere: an upstream that echoes what it was sent. */
export function credentialsIn(headers: Readonly<Record<string, string>>): string[] {
  const found: string[] = [];
  for (const name in headers) {
    const kind = kindOf(name);
    const value = headers[name] ?? "";
    if (kind === "credential" || (kind === "passed" && isLikeCredential(value))) {
      found.push(...valuesOf(name, value));
    }
  }
  return found;
}

/** One word of letters and digits, behind a scheme or not. */
function isLikeCredential(value: string): boolean {
  return /^(?:\w+ +)?(?=\S*[a-z])(?=\S*\d)\S{12,}$/i.test(value);
}

/** `passed`: under a name that the client made up for the upstream, and that may hold anything. */
type Kind = "safe" | "credential" | "passed" | "other";

/** What the client wants to be sent under the name behind it. */
const passPrefix = "x-pass-";

/** Names come again with every call; clients may make up any number of them. */
const kinds = new Map<string, Kind>();
const maxKinds = 1_000;

function kindOf(name: string): Kind {
  const known = kinds.get(name);
  if (known !== undefined) return known;
  const kind = kindOfNew(name);
  if (kinds.size < maxKinds) kinds.set(name, kind);
  return kind;
}

function kindOfNew(name: string): Kind {
  if (isSafe(name)) return "safe";
  if (codeLike.test(name)) return "credential";
  return name.startsWith(passPrefix) && !isSafe(name.slice(passPrefix.length)) ? "passed" : "other";
}

function isSafe(name: string): boolean {
  return safeNames.has(name) || (safePrefixes.test(name) && !unsafe.test(name));
}

/** A credential without its scheme; cookies' values one by one; what stands in Basic credentials. */
function valuesOf(name: string, value: string): string[] {
  if (name.endsWith("cookie"))
    return value.split(/;\s*/).map((pair) => pair.slice(pair.indexOf("=") + 1));
  return value.split(/,\s*/).flatMap((each) => {
    const [, scheme = "", rest = each] = /^(\w+) +(.+)$/s.exec(each) ?? [];
    if (scheme.toLowerCase() !== "basic") return [rest];
    const pair = Buffer.from(rest, "base64").toString();
    return [rest, pair, pair.slice(pair.indexOf(":") + 1)];
  });
}
