import { resolveReferences } from "../config/secrets.ts";
import type { EndpointSettings } from "../core/endpoint-book.ts";
import { maskSecret, replaceParameters, replaceSecrets } from "../core/endpoint-secrets.ts";

/** Settings of the config file as people see them: references as they are written, every other secret masked. */
export function maskedConfigured(settings: EndpointSettings): EndpointSettings {
  const masked = replaceSecrets(settings, (value, place) => {
    const text = String(value);
    return place === "target" ? withoutUser(replaceParameters(text, maskText)) : maskText(text);
  });
  const { proxy } = masked;
  return typeof proxy === "string" ? { ...masked, proxy: withoutUser(proxy) } : masked;
}

function maskText(text: string): string {
  return isReference(text) ? text : maskSecret(text);
}

/** Whether a text is made of references alone, after the name of a scheme at most. */
function isReference(text: string): boolean {
  const { missing: references } = resolveReferences(text, { env: {} });
  const rest = references.reduce((left, reference) => left.replace(reference, ""), text);
  return references.length > 0 && /^\s*(?:bearer|basic|token|key|apikey)?[\s:]*$/i.test(rest);
}

/** A URL without the name and the password before its host. */
function withoutUser(url: string): string {
  return url.replace(/:\/\/[^/?#]*@/, "://********@");
}
