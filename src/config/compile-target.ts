import { isCredentialParameter } from "../core/headers.ts";
import type { QueryPlan, Target } from "../core/routes.ts";
import type { Endpoint } from "./endpoint-schema.ts";
import { type Finding, fault, type KeyPath } from "./findings.ts";

/** What a target's text means, or why it cannot be served. */
export type CompiledTarget =
  | { readonly target: Target; readonly label: string; readonly isSample: boolean }
  | { readonly finding: Finding };

/** A target's text, resolved and as the file has it: where the two differ it may hold a secret, and people see the latter. */
export interface TargetText {
  readonly text: string;
  readonly written: string;
}

const adapterName = /^[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*$/;
const own = /^tollgate:\/\/sample(?=$|[/?])(.*)$/;
const absolute = /^([a-z][a-z0-9+.-]*):\/\/[^/?#\\]/i;

/** Target text → strings that a call can join. `sampleUrl` is where `tollgate://sample` really is. */
export function compileTarget(
  { text, written }: TargetText,
  path: KeyPath,
  sampleUrl: () => string,
): CompiledTarget {
  const fail = (message: string, remedy: string) => ({ finding: fault(path, message, remedy) });
  if (/[^!-[\]-~\u0080-\uffff]/.test(text)) {
    return fail("a target holds no blanks, line breaks or backslashes", "Take them out.");
  }
  const scheme = absolute.exec(text)?.[1]?.toLowerCase() ?? null;
  const sample = own.exec(text);
  if (sample === null) {
    const refused = refusal(scheme, text, written);
    if (refused !== null) return { finding: { ...fault(path, ...refused.words), ...refused.kind } };
  }
  const url = parseUrl(sample === null ? text : sampleUrl() + (sample[1] ?? ""));
  if (url === null) return fail("this is not a URL", "Write https://host/path.");
  if (url.username !== "" || url.password !== "") {
    return fail("a URL with credentials in it", "Put them into headers.Authorization.");
  }
  if (url.hash !== "")
    return fail("a target with a fragment (#)", "Take it out: it is never sent.");
  const target = { origin: url.origin, path: url.pathname, query: url.search.slice(1) };
  const shown = sample === null && text === written ? url.origin + url.pathname : written;
  return { target, label: shown.replace(/[?#].*$/, ""), isSample: sample !== null };
}

interface Refusal {
  readonly words: readonly [message: string, remedy: string];
  readonly kind?: { readonly kind: "not yet" };
}

function refusal(scheme: string | null, text: string, written: string): Refusal | null {
  switch (scheme) {
    case "http":
    case "https":
      return null;
    case "ws":
    case "wss":
      return later("WebSocket targets", "Write http:// or https://.");
    case "s3":
    case "gcs":
      return later("adapters out of a bucket", "Only URLs can be targets.");
    case "tollgate":
      return { words: ["there is no such target inside", "Write tollgate://sample."] };
    case null:
      break;
    default:
      return { words: ["this scheme is not served", "Write http:// or https://."] };
  }
  if (!adapterName.test(text)) return { words: ["this is not a URL", "Write https://host/path."] };
  const remedy =
    "Only URLs can be targets: nothing may pass unchecked. A host begins with https://.";
  return later(`the adapter ${written}`, remedy);
}

function later(what: string, remedy: string): Refusal {
  return { words: [`not in this version: ${what}`, remedy], kind: { kind: "not yet" } };
}

function parseUrl(text: string): URL | null {
  return URL.canParse(text) ? new URL(text) : null;
}

/** How queries are joined for this endpoint; `isSecret` says that the target's text held a reference. */
export function compileQuery(endpoint: Endpoint, target: Target, isSecret: boolean): QueryPlan {
  const encode = (text: string) => encodeURIComponent(text.toWellFormed());
  const defaults = Object.entries(endpoint.default_query_params ?? {}).map(
    ([name, value]) => `${encode(name)}=${encode(String(value))}`,
  );
  const names = [...new URLSearchParams(target.query).keys()];
  return {
    defaults,
    merge: defaults.length > 0 || endpoint.merge_query_params === true,
    credentialNames: new Set(names.filter((name) => isSecret || isCredentialParameter(name))),
  };
}
