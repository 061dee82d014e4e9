import { credentialHeaders, hopByHop } from "../core/headers.ts";
import type { HeaderPlan } from "../core/routes.ts";
import { type Finding, fault, type KeyPath, warning } from "./findings.ts";
import type { Endpoint } from "./schema.ts";

/** The header part of a route, and what its special names mean. */
export interface CompiledHeaders {
  readonly plan: HeaderPlan;
  /** `litellm_user_api_key`, in lower case. */
  readonly callerKeyHeader: string | null;
  /** Sends a secret of ours upstream. */
  readonly carriesCredentials: boolean;
  readonly findings: readonly Finding[];
}

const token = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

/** Names that, in a config, most likely carry a secret. */
const secretName = /auth|key|token|secret|password|cookie/i;

const framing = new Set([...hopByHop, "content-length", "host", "expect"]);

/** `isSecret` tells whether a header's value came from a reference. */
export function compileHeaders(
  endpoint: Endpoint,
  path: KeyPath,
  isSecret: (name: string) => boolean,
): CompiledHeaders {
  const findings: Finding[] = [];
  const fixed: Record<string, string> = {};
  const configured = { ...endpoint.headers };
  const langfuse = takeLangfuse(configured, path, findings);
  const callerKeyHeader = takeOut(configured, "litellm_user_api_key");
  const credentials = new Set(langfuse === null ? [] : ["authorization"]);
  for (const [name, value] of Object.entries(configured)) {
    const finding = findingOf(name, String(value), [...path, name]);
    if (finding !== null) findings.push(finding);
    if (finding !== null && finding.severity === "warning") continue;
    fixed[name] = String(value);
    if (isSecret(name) || credentialHeaders.has(name.toLowerCase()) || secretName.test(name)) {
      credentials.add(name.toLowerCase());
    }
  }
  if (langfuse !== null) fixed["Authorization"] = langfuse;
  const plan: HeaderPlan = {
    forward: endpoint.forward_headers === true,
    fixed,
    fixedNames: new Set(Object.keys(fixed).map((name) => name.toLowerCase())),
    ownCredential: credentials.size > 0,
    langfuse: langfuse !== null,
  };
  return {
    plan,
    callerKeyHeader: callerKeyHeader?.toLowerCase() ?? null,
    carriesCredentials: credentials.size > 0,
    findings,
  };
}

function takeOut(headers: Record<string, unknown>, name: string): string | null {
  const value = headers[name];
  delete headers[name];
  return value === undefined ? null : String(value);
}

/** Langfuse's two keys as HTTP Basic credentials; null where the route names none. */
function takeLangfuse(
  headers: Record<string, unknown>,
  path: KeyPath,
  findings: Finding[],
): string | null {
  const publicKey = takeOut(headers, "LANGFUSE_PUBLIC_KEY");
  const secretKey = takeOut(headers, "LANGFUSE_SECRET_KEY");
  if (publicKey === null && secretKey === null) return null;
  if (publicKey === null || secretKey === null) {
    const there = publicKey === null ? "LANGFUSE_SECRET_KEY" : "LANGFUSE_PUBLIC_KEY";
    const gone = publicKey === null ? "LANGFUSE_PUBLIC_KEY" : "LANGFUSE_SECRET_KEY";
    findings.push(fault([...path, there], `${gone} is missing beside it`, "Set both."));
    return null;
  }
  const rival = Object.keys(headers).find((name) => name.toLowerCase() === "authorization");
  if (rival !== undefined) {
    const message = "the Langfuse keys beside it become the same header";
    findings.push(fault([...path, rival], message, "Keep one of the two."));
  }
  return `Basic ${Buffer.from(`${publicKey}:${secretKey}`).toString("base64")}`;
}

function findingOf(name: string, value: string, path: KeyPath): Finding | null {
  if (!token.test(name)) {
    return fault(path, "this is not a header name", "Use letters, digits, - and _.");
  }
  if (framing.has(name.toLowerCase())) {
    return warning(path, "this header belongs to the connection", "It is not sent.");
  }
  if (/[\r\n\0]/.test(value)) {
    return fault(
      path,
      "the value holds a line break or a NUL",
      "Check the variable it comes from.",
    );
  }
  if (/[^\t\x20-\xff]/.test(value)) {
    return fault(path, "the value holds bytes that no header can carry", "Use Latin-1 text.");
  }
  return null;
}
