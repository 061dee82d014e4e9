import { isSecretHeader, isSecretParameter } from "./core/endpoint-secrets.ts";
import { basicCredentials, withoutScheme } from "./core/key.ts";
import type { Route } from "./core/routes.ts";

const known = new WeakMap<Route, readonly string[]>();

/** Whatever a route sends that no record may hold: as it is sent, and the readings of it that an upstream may tell. */
export function routeSecrets(route: Route): readonly string[] {
  const before = known.get(route);
  if (before !== undefined) return before;
  const secrets = [...inQuery(route), ...inHeaders(route), ...inPath(route)];
  known.set(route, secrets);
  return secrets;
}

function inQuery({ query, target }: Route): string[] {
  return `${query.defaults.join("&")}&${target.query}`
    .split("&")
    .map((pair) => [pair.replace(/=.*/s, ""), pair.replace(/^[^=]*=?/, "")] as const)
    .filter(
      ([name]) => query.credentialNames.has(decoded(name)) || isSecretParameter(decoded(name)),
    )
    .flatMap(([, value]) => [value, decoded(value)]);
}

/** By what is masked wherever headers are shown: most are secrets, whatever they are called. */
function inHeaders({ headers }: Route): string[] {
  return Object.entries(headers.fixed)
    .filter(([name]) => isSecretHeader(name))
    .flatMap(([, value]) => readingsOf(value));
}

/** What the target's text does not show: it came from a reference. */
function inPath({ carriesCredentials, target, label }: Route): string[] {
  if (!carriesCredentials) return [];
  const shown = label.split("/");
  const parts = target.path.split("/").filter((part) => !shown.includes(part));
  return [...parts, ...parts.map(decoded)];
}

/** A header's value, without its scheme, and what stands in Basic credentials. */
function readingsOf(value: string): string[] {
  const [user, password] = basicCredentials(value) ?? [];
  const plain = [value.trim().replace(/^\w+ +/, ""), withoutScheme(value)];
  return user === undefined ? plain : [...plain, `${user}:${password}`, user, password ?? ""];
}

function decoded(text: string): string {
  return new URLSearchParams(`v=${text}`).get("v") ?? text;
}
