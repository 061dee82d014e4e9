import { ownAddress, privateTarget } from "./config/compile-reach.ts";
import { compileTarget } from "./config/compile-target.ts";
import type { Reach } from "./core/routes.ts";
import { placeOf, refusedAddress } from "./gateway/resolve.ts";

/**
 * Why an endpoint made through the API may not lead to this target, as far as its name tells now; null where it may,
 * or where the target's text itself says that it may not, which is told elsewhere. Every call checks again.
 */
export async function checkTarget(text: string, reach: Reach): Promise<string | null> {
  const compiled = compileTarget({ text, written: text }, ["target"], () => "http://127.0.0.1:0");
  if ("finding" in compiled || compiled.isSample) return null;
  if (privateTarget(compiled.target, ["target"], reach).length > 0) return null;
  const address = await refusedAddress(compiled.target, reach);
  if (address === null) return null;
  if (reach.isOwn(address, placeOf(compiled.target).port))
    return `${ownAddress}. Name another upstream.`;
  return "its name leads to an address that is not a public one. Allow it with general_settings.allow_private_targets, or write the endpoint into the configuration file.";
}
