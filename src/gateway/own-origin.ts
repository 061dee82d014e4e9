import { setsSession } from "./session-cookie.ts";

/** Where a browser shows a reply as a document of its own (fetch.spec.whatwg.org, 3.1 request destination). */
const documents: ReadonlySet<string> = new Set(["document", "embed", "frame", "iframe", "object"]);

/** Its scripts run, but as those of nobody's origin: they neither read this one's replies nor act with its cookies. */
const apart = "sandbox allow-downloads allow-forms allow-modals allow-popups allow-scripts";

/**
 * Keeps an upstream's reply from acting as the admin page, whose origin it shares in a browser: what is opened there
 * as a document gets an origin of its own, and no reply sets the cookie of a session. Other callers see no difference.
 */
export function keepApart(
  headers: Headers,
  seen: Readonly<Record<string, unknown>>,
  client: Readonly<Record<string, string>>,
): void {
  if (isForDocument(client)) headers.append("content-security-policy", apart);
  if (!("set-cookie" in seen)) return;
  const cookies = headers.getSetCookie();
  if (!cookies.some(setsSession)) return;
  headers.delete("set-cookie");
  for (const cookie of cookies) if (!setsSession(cookie)) headers.append("set-cookie", cookie);
}

/** Browsers that do not say so ask for HTML first when they open a page. */
function isForDocument(client: Readonly<Record<string, string>>): boolean {
  const destination = client["sec-fetch-dest"];
  if (destination !== undefined) return documents.has(destination);
  return client["accept"]?.startsWith("text/html") === true;
}
