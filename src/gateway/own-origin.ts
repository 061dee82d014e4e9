import { isInert } from "./inert-type.ts";
import { setsSession } from "./session-cookie.ts";

/** Its scripts run, but as those of nobody's origin: they neither read this one's replies nor act with its cookies. */
const apart = "sandbox allow-downloads allow-forms allow-modals allow-popups allow-scripts";

/**
 * Reply headers that speak of a whole origin, beyond the one reply: the upstream's, which the client never sees. Of
 * this gateway's own they would sign an admin out, send browsers elsewhere, or report about it.
 */
export const ofWholeOrigin: ReadonlySet<string> = new Set([
  "accept-ch",
  "alt-svc",
  "clear-site-data",
  "expect-ct",
  "nel",
  "public-key-pins",
  "public-key-pins-report-only",
  "report-to",
  "reporting-endpoints",
  "sec-session-registration",
  "secure-session-registration",
  "service-worker-allowed",
  "set-login",
  "strict-transport-security",
]);

/**
 * Keeps an upstream's reply from acting as the admin page, whose origin it shares in a browser: unless nothing in it
 * can run, it gets an origin of its own where it is opened as a page; and no reply sets the cookie of a session. What
 * it was asked for as says nothing: a browser's cache opens as a page what was fetched as an image.
 */
export function keepApart(
  headers: Headers,
  seen: Readonly<Record<string, unknown>>,
  status: number,
): void {
  // The type that leaves: what came may have been named by the upstream's Connection, and be gone.
  if (changesKept(status) || !isInert(headers.get("content-type"))) {
    headers.append("content-security-policy", apart);
  }
  if (!("set-cookie" in seen)) return;
  const cookies = headers.getSetCookie();
  if (!cookies.some(setsSession)) return;
  headers.delete("set-cookie");
  for (const cookie of cookies) if (!setsSession(cookie)) headers.append("set-cookie", cookie);
}

/** A cache puts its policy in the place of the one that it has, but keeps the old type (RFC 9111 §3.2). */
function changesKept(status: number): boolean {
  return status === 206 || status === 304;
}
