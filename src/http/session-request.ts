import { type BlockList, isIP } from "node:net";
import { cookieValues, sessionCookie, sessionCookieName } from "../gateway/session-cookie.ts";
import type { AdminDeps } from "./admin-auth.ts";
import { checkSameOrigin } from "./same-origin.ts";
import type { Session } from "./session-book.ts";

type Deps = Pick<AdminDeps, "entrance" | "rules" | "sessions">;

/** A session, and the cookie's value that found it. */
export interface ShownSession {
  readonly token: string;
  readonly session: Session;
}

/**
 * So many cookies of one name are looked at, the last first: browsers send those of narrower paths before ours, and
 * whoever has another port of this host can plant as many of them as he likes (RFC 6265 §5.4, §8.5).
 */
const mostCookies = 16;

/** The session whose cookie the request brings; null where there is none. Throws `cross_site`. */
export function shownSession(request: Request, deps: Deps): ShownSession | null {
  if (deps.sessions === null) return null;
  const header = request.headers.get("cookie") ?? "";
  if (!header.includes(sessionCookie)) return null;
  const isSecure = speaksTls(request, deps);
  const tokens = cookieValues(header, nameOf(request, isSecure));
  if (tokens.length > 0) checkSameOrigin(request, isSecure);
  for (const token of tokens.slice(-mostCookies).reverse()) {
    const session = deps.sessions.find(token);
    if (session !== null) return { token, session };
  }
  return null;
}

/** `set-cookie` of a session, as its browser asked; null takes the cookie away. Without a `Domain` it is this host's alone. */
export function sessionCookieLine(token: string | null, request: Request, deps: Deps): string {
  const isSecure = speaksTls(request, deps);
  const age = token === null ? "0" : "43200";
  const line = `${nameOf(request, isSecure)}=${token ?? ""}; Path=/; HttpOnly; SameSite=Strict; Max-Age=${age}`;
  return isSecure ? `${line}; Secure` : line;
}

/** Whether the browser speaks TLS: with this listener, or with a trusted proxy that says so. */
export function speaksTls(request: Request, { entrance, rules }: Deps): boolean {
  if (entrance.isTls) return true;
  const { proxies } = rules().addresses;
  if (proxies === null || !isIn(proxies, entrance.addressOf(request))) return false;
  const told = request.headers.get("x-forwarded-proto") ?? "";
  return /(?:^|,)\s*https\s*$/i.test(told); // the nearest proxy writes last
}

function nameOf({ headers }: Request, isSecure: boolean): string {
  return sessionCookieName(headers.get("host") ?? "", isSecure);
}

function isIn(list: BlockList, address: string): boolean {
  const family = isIP(address);
  return family !== 0 && list.check(address, family === 6 ? "ipv6" : "ipv4");
}
