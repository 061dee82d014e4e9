import { isCredentialParameter } from "../core/headers.ts";
import type { QueryPlan, Target } from "../core/routes.ts";
import { type Finding, fault, type KeyPath } from "./findings.ts";
import type { Endpoint } from "./schema.ts";

/** What a target's text means, or why it cannot be served. */
export type CompiledTarget =
  | { readonly target: Target; readonly label: string; readonly url: URL }
  | { readonly finding: Finding };

const adapterName = /^[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*$/;

/** Target text → strings that a call can join. `sampleUrl` is where `tollgate://sample` really is. */
export function compileTarget(
  text: string,
  path: KeyPath,
  sampleUrl: () => string,
): CompiledTarget {
  if (adapterName.test(text)) {
    const message = `not in this version: the adapter ${text}`;
    return {
      finding: fault(path, message, "Only URLs can be targets: nothing may pass unchecked."),
    };
  }
  const own = /^tollgate:\/\/sample(\/.*)?$/.exec(text);
  const url = parseUrl(own === null ? text : sampleUrl() + (own[1] ?? ""));
  if (url === null)
    return { finding: fault(path, "this is not a URL", "Write https://host/path.") };
  if (url.protocol === "ws:" || url.protocol === "wss:") {
    return {
      finding: fault(path, "not in this version: WebSocket targets", "Write http:// or https://."),
    };
  }
  if (url.protocol !== "http:" && url.protocol !== "https:") {
    return {
      finding: fault(
        path,
        `the scheme ${url.protocol} is not served`,
        "Write http:// or https://.",
      ),
    };
  }
  if (url.username !== "" || url.password !== "") {
    return {
      finding: fault(path, "a URL with credentials in it", "Put them into headers.Authorization."),
    };
  }
  if (url.hash !== "") {
    return {
      finding: fault(path, "a target with a fragment (#)", "Take it out: it is never sent."),
    };
  }
  const target = { origin: url.origin, path: url.pathname, query: url.search.slice(1) };
  const label = own === null ? url.origin + url.pathname : text;
  return { target, label, url };
}

function parseUrl(text: string): URL | null {
  return URL.canParse(text) ? new URL(text) : null;
}

/** How queries are joined for this endpoint; `isSecret` says that the target's text held a reference. */
export function compileQuery(endpoint: Endpoint, target: Target, isSecret: boolean): QueryPlan {
  const defaults = Object.entries(endpoint.default_query_params ?? {}).map(
    ([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(String(value))}`,
  );
  const names = [...new URLSearchParams(target.query).keys()];
  return {
    defaults,
    merge: defaults.length > 0 || endpoint.merge_query_params === true,
    credentialNames: new Set(names.filter((name) => isSecret || isCredentialParameter(name))),
  };
}
