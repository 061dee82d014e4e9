import { GatewayError } from "../core/errors.ts";

/**
 * Throws `cross_site` unless a request that a browser's cookie speaks for comes from a page of this gateway. Cookies
 * go with whatever makes the browser ask: another site's form, another port of this host (for cookies the same site).
 * What changes something needs a header that no form can set, and that a page of elsewhere may not set unasked.
 * `isSecure`: the browser speaks TLS.
 */
export function checkSameOrigin(request: Request, isSecure: boolean): void {
  const { headers, method } = request;
  const changes = method !== "GET" && method !== "HEAD";
  const site = headers.get("sec-fetch-site") ?? "same-origin"; // not sent to plain http but of this machine
  if (site !== "same-origin" && (changes || site !== "none")) throw new GatewayError("cross_site");
  const origin = headers.get("origin");
  if (origin !== null && !isOwn(origin, headers.get("host") ?? "", isSecure)) {
    const detail =
      "A proxy before the gateway has to pass the Host header on as it came, with its port (nginx: proxy_set_header Host $http_host;).";
    throw new GatewayError("cross_site", { detail });
  }
  if (changes && headers.get("x-tollgate-page") !== "1") {
    const detail = "A change by cookie needs the header x-tollgate-page: 1.";
    throw new GatewayError("cross_site", { detail });
  }
}

function isOwn(origin: string, host: string, isSecure: boolean): boolean {
  const [, scheme = "", authority = ""] = /^(https?):\/\/([^/@]+)$/.exec(origin) ?? [];
  if (scheme === "" || (isSecure && scheme !== "https")) return false;
  const own = `${scheme}://${host}`;
  if (!URL.canParse(own) || !URL.canParse(origin)) return false;
  return authority !== "" && new URL(own).host === new URL(origin).host; // without the scheme's own port
}
