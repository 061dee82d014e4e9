import type { EndpointSettings } from "../core/endpoint-book.ts";
import { isMask, isMembers, replaceParameters, secretPlaces } from "../core/endpoint-secrets.ts";
import { GatewayError } from "../core/errors.ts";

/**
 * Refuses a change that leads the target elsewhere while secrets stay that the change does not write out itself. Who
 * may change an endpoint may not read its secrets: he could have them sent to a server of his own.
 */
export function refuseKeptElsewhere(
  before: EndpointSettings,
  changes: EndpointSettings,
  merged: EndpointSettings,
): void {
  const reason = whyElsewhere(before, merged);
  if (reason === null) return;
  const kept = secretPlaces(merged).filter(({ place }) => !isWritten(place, changes));
  if (kept.length === 0) return;
  const faults = kept.map(({ place }) => {
    const what = place === "target" ? "the masked part" : "its value";
    return `${place}: ${reason}: write ${what} again, or take it out.`;
  });
  throw new GatewayError("request_invalid", { detail: faults.join(" "), faults });
}

/** Null where the same server gets it, and has to show the same certificate. */
function whyElsewhere(before: EndpointSettings, merged: EndpointSettings): string | null {
  if (serverOf(before["target"]) !== serverOf(merged["target"])) {
    return "the target leads elsewhere now";
  }
  const [was, now] = [tlsOf(before), tlsOf(merged)];
  if (was["server_name"] !== now["server_name"]) {
    return "the target's certificate is to be for another name now";
  }
  const isUnchecked = now["verify"] === false && was["verify"] !== false;
  return isUnchecked ? "the target's certificate is not to be checked any more" : null;
}

/** Scheme, host and port. */
function serverOf(target: unknown): string {
  const text = String(target);
  if (!URL.canParse(text)) return text;
  const { protocol, host } = new URL(text);
  return `${protocol}//${host}`;
}

function tlsOf({ tls }: EndpointSettings): EndpointSettings {
  return isMembers(tls) ? tls : {};
}

/** Whether the change itself has the secret at this place, in clear text. */
function isWritten(place: string, changes: EndpointSettings): boolean {
  const dot = place.indexOf(".");
  const member = changes[dot < 0 ? place : place.slice(0, dot)];
  if (dot < 0) return typeof member === "string" && !hasMask(member);
  if (!isMembers(member)) return false;
  const [, value] = Object.entries(member).find(([name]) => name === place.slice(dot + 1)) ?? [];
  return value !== undefined && !(typeof value === "string" && isMask(value));
}

/** Whether a parameter of a target is masked. */
export function hasMask(target: string): boolean {
  let found = false;
  replaceParameters(target, (value) => {
    found ||= isMask(value);
    return value;
  });
  return found;
}
