import type { EndpointSettings } from "./endpoint-book.ts";
import { isCredentialParameter } from "./headers.ts";

/** Headers of an endpoint that are no credentials, beside one that is. */
const harmlessHeaders =
  /^(?:accept(?:-.+)?|anthropic-(?:beta|version)|cache-control|content-.+|http-referer|litellm_user_api_key|openai-(?:beta|organization|project)|origin|referer|traceparent|tracestate|user-agent|x-title)$/i;

const secretParameter = /auth|key|token|secret|passw|credential|sig|^code$/i;

/** Whether a header of an endpoint is taken for a secret: all are, but those that are known to be none. */
export function isSecretHeader(name: string): boolean {
  return !harmlessHeaders.test(name);
}

/** The same for a parameter of a target's query or of `default_query_params`. */
export function isSecretParameter(name: string): boolean {
  return isCredentialParameter(name) || secretParameter.test(name);
}

/** What stands for a secret wherever an endpoint is shown: its last four characters at most. */
export function maskSecret(value: string): string {
  return value.length < 12 ? "********" : `********${value.slice(-4)}`;
}

/** Whether a text is what `maskSecret` makes: no secret, but what stands for one. */
export function isMask(value: string): boolean {
  return /^\*{8}(?:[^]{4})?$/.test(value);
}

/** A secret of an endpoint, and where it stands: `target`, `headers.api_token`, `default_query_params.key`. */
export interface SecretPlace {
  readonly place: string;
  readonly value: unknown;
}

/** Every value of an endpoint that is sealed where it is kept. */
export function secretPlaces(settings: EndpointSettings): readonly SecretPlace[] {
  const places: SecretPlace[] = [];
  replaceSecrets(settings, (value, place) => places.push({ place, value }));
  return places;
}

/** The settings with something else in the place of every secret. */
export function replaceSecrets(
  settings: EndpointSettings,
  replace: (value: unknown, place: string) => unknown,
): EndpointSettings {
  return mapped(settings, (value, name) => {
    const isSecret = secretMembers[name];
    if (isSecret !== undefined && isMembers(value)) {
      return mapped(value, (part, key) => (isSecret(key) ? replace(part, `${name}.${key}`) : part));
    }
    return name === "target" && hasSecret(value) ? replace(value, name) : value;
  });
}

/** The settings as people see them: each secret masked, of a target the secret parameters alone. */
export function maskedSettings(settings: EndpointSettings): EndpointSettings {
  return replaceSecrets(settings, (value, place) => {
    const text = String(value);
    return place === "target" ? maskedTarget(text) : maskSecret(text);
  });
}

/** A target whose secret parameters, and whatever stands before an `@`, are masked. */
export function maskedTarget(target: string): string {
  return replaceParameters(
    target.replace(userInfo, (_, scheme: string) => `${scheme}********@`),
    (value) => maskSecret(value),
  );
}

/** The same target with something else in the place of each secret parameter's value, which is given as it is written. */
export function replaceParameters(
  target: string,
  replace: (value: string, name: string) => string,
): string {
  const start = target.indexOf("?") + 1;
  if (start === 0) return target;
  const hash = target.indexOf("#", start);
  const end = hash < 0 ? target.length : hash;
  const parts = target.slice(start, end).split("&");
  const replaced = parts.map((part) => {
    const equals = part.indexOf("=");
    if (equals < 0) return part;
    const name = decoded(part.slice(0, equals));
    if (!isSecretParameter(name)) return part;
    return `${part.slice(0, equals)}=${replace(part.slice(equals + 1), name)}`;
  });
  return target.slice(0, start) + replaced.join("&") + target.slice(end);
}

/** Members that hold secrets by name, and which names those are. */
const secretMembers: Readonly<Record<string, (name: string) => boolean>> = {
  headers: isSecretHeader,
  default_query_params: isSecretParameter,
};

const userInfo = /^([a-z][a-z0-9+.-]*:\/\/)[^/?#\\]*@/i;

function hasSecret(target: unknown): target is string {
  if (typeof target !== "string") return false;
  let found = userInfo.test(target);
  replaceParameters(target, (value) => {
    found = true;
    return value;
  });
  return found;
}

/** Whether a value is an object with members, and no list. */
export function isMembers(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Not by assignment: `__proto__` is a name like any other. */
function mapped(
  members: Readonly<Record<string, unknown>>,
  map: (value: unknown, name: string) => unknown,
): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(members).map(([name, value]) => [name, map(value, name)]),
  );
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch {
    return text;
  }
}
