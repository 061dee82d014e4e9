import type { EndpointSettings } from "../core/endpoint-book.ts";
import {
  isMask,
  isMembers,
  maskSecret,
  maskedTarget,
  replaceParameters,
  secretPlaces,
} from "../core/endpoint-secrets.ts";
import { GatewayError } from "../core/errors.ts";
import { hasMask, refuseKeptElsewhere } from "./kept-secrets.ts";

/**
 * The settings with `changes` made to them: a member takes the place of that of the same name, null takes it out, and
 * what is sent back as it was shown, masked, stays as it was. Throws `request_invalid` for a mask of no secret, and for
 * secrets that would stay while the target leads elsewhere: who may not read them could have them sent to himself.
 */
export function mergeSettings(before: EndpointSettings, changes: EndpointSettings) {
  const members = new Map(Object.entries(before));
  for (const [name, value] of Object.entries(changes)) {
    if (value === null || value === undefined) members.delete(name);
    else members.set(name, unmasked(name, value, members.get(name)));
  }
  const merged: EndpointSettings = Object.fromEntries(members);
  refuseMasks(merged);
  refuseKeptElsewhere(before, changes, merged);
  return plain(merged);
}

function unmasked(name: string, value: unknown, old: unknown): unknown {
  if (name === "target" && typeof value === "string" && typeof old === "string") {
    return unmaskedTarget(value, old);
  }
  if (!isMembers(value) || !isMembers(old)) return value;
  if (name === "headers") return unmaskedMembers(value, old, (key) => key.toLowerCase());
  return name === "default_query_params" ? unmaskedMembers(value, old, (key) => key) : value;
}

function unmaskedMembers(
  members: EndpointSettings,
  old: EndpointSettings,
  known: (name: string) => string,
): EndpointSettings {
  const before = Object.entries(old);
  const entries = Object.entries(members).map(([name, value]) => {
    if (typeof value !== "string" || !isMask(value)) return [name, value];
    const same = before.find(
      ([key, part]) => known(key) === known(name) && maskSecret(String(part)) === value,
    );
    return [name, same === undefined ? value : same[1]];
  });
  return Object.fromEntries(entries);
}

/** Path and other parameters may change beside a masked one. */
function unmaskedTarget(target: string, old: string): string {
  if (target === maskedTarget(old)) return old;
  const secrets: (readonly [name: string, value: string])[] = [];
  replaceParameters(old, (value, name) => {
    secrets.push([name, value]);
    return value;
  });
  return replaceParameters(target, (shown, name) => {
    const same = secrets.find(([key, value]) => key === name && maskSecret(value) === shown);
    return same === undefined ? shown : same[1];
  });
}

/** A mask that got into an endpoint would be sent upstream as if it were the key. */
function refuseMasks(settings: EndpointSettings): void {
  for (const { place, value } of secretPlaces(settings)) {
    const [member = ""] = place.split(".");
    const isMasked = (text: string) => isMask(text) || (member === "target" && hasMask(text));
    if (typeof value === "string" && isMasked(value)) {
      const detail = `A secret of ${member} is masked, and none is kept here that it stands for: write it out.`;
      throw new GatewayError("request_invalid", { detail });
    }
  }
}

/** What is served is what is kept: JSON, and nobody else's object. */
function plain(settings: EndpointSettings): EndpointSettings {
  const copy: unknown = JSON.parse(JSON.stringify(settings));
  return isMembers(copy) ? copy : {};
}
