import { type Finding, fault, warning } from "./findings.ts";
import type { LoadedConfig } from "./load.ts";
import { valueAt } from "./walk.ts";

/** What is wrong between settings that are right in themselves. */
export function generalFindings({ raw, general, endpoints, findings }: LoadedConfig): Finding[] {
  const found: Finding[] = [];
  const forwarded = valueAt(raw, ["general_settings", "use_x_forwarded_for"]);
  if (general.allowed_ips !== undefined && forwarded === true && !general.trusted_proxies) {
    const message =
      "not in this version: any peer's X-Forwarded-For, which allowed_ips would be held against";
    const remedy = "Name the proxies in general_settings.trusted_proxies and take the key out.";
    found.push(fault(["general_settings", "use_x_forwarded_for"], message, remedy, "not yet"));
  }
  if (endpoints.length === 0 && findings.length === 0) {
    const message = "no endpoint is configured: there is nothing to serve";
    const remedy =
      "Add general_settings.pass_through_endpoints, or make a route at /ui or with tollgate routes add.";
    found.push(warning([], message, remedy));
  }
  return found;
}
