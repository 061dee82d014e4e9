import { isLoopback } from "../core/loopback.ts";
import type { Call } from "../core/types.ts";

/** Headers that say the request came a longer way: a proxy, or a tunnel. */
const forwarding = /^(?:forwarded|via|x-forwarded-.*|x-real-ip)$/;

const localName = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\]|0\.0\.0\.0)(?::\d+)?$/i;

/**
 * Whether the caller is the person at this machine: listener and peer are loopback, the names are local, and neither
 * a proxy nor a web page of elsewhere stands between (a page can reach a loopback port, and a name can be rebound to it).
 */
export function isAtThisMachine({ entrance, request, headers }: Call): boolean {
  if (!entrance.onLoopback || !isLoopback(entrance.addressOf(request))) return false;
  if (!localName.test(headers["host"] ?? "")) return false;
  for (const name in headers) if (forwarding.test(name)) return false;
  const origin = headers["origin"];
  return origin === undefined || isLocalOrigin(origin);
}

function isLocalOrigin(origin: string): boolean {
  const authority = /^https?:\/\/(.+)$/i.exec(origin)?.[1];
  return authority !== undefined && localName.test(authority);
}
