/** `cors_origins`: origins as browsers write them, or `*`; empty where pages of other origins are not spoken to. */
export type CorsOrigins = ReadonlySet<string>;

const token = /^[\w!#$%&'*+.^`|~-]+$/;

/** Seconds for which a browser need not ask again; no browser keeps an answer for longer than two hours. */
const maxAge = "7200";

/**
 * The answer to a preflight (fetch.spec.whatwg.org, 4.8 CORS-preflight fetch); null for what is none, and where no
 * origins are set: then OPTIONS is a method like any other. An origin that is not listed learns nothing.
 */
export function preflightReply(request: Request, origins: CorsOrigins): Response | null {
  if (origins.size === 0 || request.method !== "OPTIONS") return null;
  const origin = request.headers.get("origin");
  const method = request.headers.get("access-control-request-method");
  if (origin === null || method === null) return null;
  const headers = new Headers({
    vary: "origin, access-control-request-method, access-control-request-headers",
  });
  if (allowedOrigin(origin, origins) === null || !token.test(method)) {
    return new Response(null, { status: 204, headers });
  }
  allow(headers, origin, origins);
  headers.set("access-control-allow-methods", method);
  const wanted = request.headers.get("access-control-request-headers");
  if (wanted !== null && wanted.split(",").every((name) => token.test(name.trim()))) {
    headers.set("access-control-allow-headers", wanted); // by name: `*` would leave Authorization out
  }
  headers.set("access-control-max-age", maxAge);
  return new Response(null, { status: 204, headers });
}

/**
 * Lets pages of a listed origin read a reply, and no others, whatever the upstream says about that. `origin`: the
 * request's header. Changes the reply's headers in place; does nothing where no origins are set or none was sent.
 */
export function shareReply(reply: Response, origin: string | null, origins: CorsOrigins): Response {
  if (origins.size === 0 || origin === null) return reply;
  const { headers } = reply;
  for (const name of upstreams) headers.delete(name);
  if (allowedOrigin(origin, origins) !== null) {
    headers.set("access-control-expose-headers", [...headers.keys()].join(", "));
    allow(headers, origin, origins);
  }
  headers.append("vary", "origin");
  return reply;
}

const upstreams = [
  "access-control-allow-credentials",
  "access-control-allow-origin",
  "access-control-expose-headers",
];

/** What `access-control-allow-origin` says to an origin; null where it is not listed. */
export function allowedOrigin(origin: string, origins: CorsOrigins): string | null {
  if (origins.has(origin)) return origin;
  return origins.has("*") ? "*" : null;
}

/** Credentials (cookies, client certificates) never with `*`: then any page would act as its reader. */
function allow(headers: Headers, origin: string, origins: CorsOrigins): void {
  headers.set("access-control-allow-origin", allowedOrigin(origin, origins) ?? "null");
  if (origins.has(origin)) headers.set("access-control-allow-credentials", "true");
}
