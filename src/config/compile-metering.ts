import type { MeteringSettings } from "../core/metering-settings.ts";
import { compilePrices } from "./compile-prices.ts";
import { compileUsage } from "./compile-usage.ts";
import type { Endpoint } from "./endpoint-schema.ts";
import { type Finding, fault, type KeyPath, warning } from "./findings.ts";
import { nearest } from "./nearest.ts";

/** How an endpoint is metered, as values; `settings` is null where its replies are not looked at. */
export interface CompiledMetering {
  readonly settings: Omit<MeteringSettings, "origin"> | null;
  readonly findings: readonly Finding[];
}

/** `provider`, `usage` and `prices` of the endpoint at `path`; `formats` is what `provider` may name. */
export function compileMetering(
  endpoint: Endpoint,
  path: KeyPath,
  formats: readonly string[],
): CompiledMetering {
  const usage = compileUsage(endpoint.usage, [...path, "usage"]);
  const prices = compilePrices(endpoint, path, usage.rules);
  const wrong = providerFaults(endpoint, [...path, "provider"], formats);
  const findings = [...wrong, ...usage.findings, ...prices.findings];
  if (endpoint.provider === "none") {
    return { settings: null, findings: [...findings, ...needless(endpoint, path)] };
  }
  const provider = wrong.length > 0 ? null : (endpoint.provider ?? null);
  return { settings: { provider, usage: usage.rules, prices: prices.prices }, findings };
}

/** Beside `usage` it is a name for records, and any will do. */
function providerFaults(
  { provider, usage }: Endpoint,
  path: KeyPath,
  formats: readonly string[],
): Finding[] {
  if (provider === undefined) return [];
  if (usage !== undefined) {
    if (provider !== "none") return [];
    const remedy = "Take usage out, or name the provider for records.";
    return [fault(path, "none looks at no reply, and usage tells where to look", remedy)];
  }
  if (formats.includes(provider)) return [];
  const meant = nearest(provider, formats);
  const names = `Known are ${formats.join(", ")}; for any other API write usage.`;
  const remedy = meant === null ? names : `Did you mean ${meant}? ${names}`;
  return [fault(path, "no wire format has this name", remedy)];
}

/** What has no effect where no reply is looked at. */
function needless(endpoint: Endpoint, path: KeyPath): Finding[] {
  return (["prices", "request_stream_usage", "drain_on_disconnect"] as const)
    .filter((key) => endpoint[key] !== undefined && endpoint[key] !== false)
    .map((key) => {
      const message = "provider: none looks at no reply, so this has no effect";
      return warning([...path, key], message, "Take one of the two out.", "ignored");
    });
}
