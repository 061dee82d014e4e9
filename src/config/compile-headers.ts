import { credentialHeaders, hopByHop } from "../core/headers.ts";
import type { HeaderPlan } from "../core/routes.ts";
import type { Endpoint } from "./endpoint-schema.ts";
import { type Finding, fault, type KeyPath, warning } from "./findings.ts";
import { takeLangfuse } from "./langfuse-keys.ts";

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

/** Whether a header says where a message ends, or concerns one connection alone: none of these is ever sent for a route. */
export function isFraming(name: string): boolean {
  return framing.has(name.toLowerCase());
}

/** `isSecret` tells whether a header's value came from a reference. */
export function compileHeaders(
  endpoint: Endpoint,
  path: KeyPath,
  isSecret: (name: string) => boolean,
): CompiledHeaders {
  const configured = new Map(
    Object.entries(endpoint.headers ?? {}).map(([name, value]) => [name, String(value)]),
  );
  const langfuse = takeLangfuse(configured, path);
  const callerKey = takeCallerKey(configured, path);
  const findings = [...langfuse.findings, ...callerKey.findings];
  const fixed: Record<string, string> = Object.create(null);
  const fixedNames = new Set(langfuse.authorization === null ? [] : ["authorization"]);
  const credentials = new Set(fixedNames);
  for (const [name, value] of configured) {
    const lower = name.toLowerCase();
    const finding = findingOf(name, value, [...path, name]);
    if (finding !== null) findings.push(finding);
    if (finding?.severity === "warning") continue;
    if (fixedNames.has(lower)) findings.push(twice([...path, name], lower));
    fixed[name] = value;
    fixedNames.add(lower);
    if (isSecret(name) || credentialHeaders.has(lower) || secretName.test(name)) {
      credentials.add(lower);
    }
  }
  if (langfuse.authorization !== null) fixed["Authorization"] = langfuse.authorization;
  const carriesCredentials = credentials.size > 0;
  const plan: HeaderPlan = {
    forward: endpoint.forward_headers === true,
    fixed,
    fixedNames,
    ownCredential: carriesCredentials,
    langfuse: langfuse.authorization !== null,
  };
  return { plan, callerKeyHeader: callerKey.header, carriesCredentials, findings };
}

function takeCallerKey(headers: Map<string, string>, path: KeyPath) {
  const name = headers.get("litellm_user_api_key");
  headers.delete("litellm_user_api_key");
  if (name === undefined) return { header: null, findings: [] };
  const findings = token.test(name)
    ? []
    : [
        fault(
          [...path, "litellm_user_api_key"],
          "a header's name is meant",
          "Name the header that carries the caller's key, x-api-key, say.",
        ),
      ];
  return { header: name.toLowerCase(), findings };
}

function twice(path: KeyPath, name: string): Finding {
  const message = `${name} stands here twice (names are the same in any case; the Langfuse keys become authorization)`;
  return fault(path, message, "Keep one of the two.");
}

function findingOf(name: string, value: string, path: KeyPath): Finding | null {
  if (!token.test(name)) {
    return fault(path, "this is not a header name", "Use letters, digits, - and _.");
  }
  if (isFraming(name)) {
    return warning(path, "this header belongs to the connection", "It is not sent.", "ignored");
  }
  if (/[\r\n\0]/.test(value)) {
    const message = "the value holds a line break or a NUL";
    return fault(path, message, "Check the variable it comes from.");
  }
  if (/[^\t\x20-\x7e\x80-\xff]/.test(value)) {
    const message = "the value holds bytes that no header can carry";
    return fault(path, message, "Use Latin-1 text.");
  }
  return null;
}
