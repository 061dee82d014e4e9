/** Fields of one connection, never passed on (RFC 9110 §7.6.1), beside those that `Connection` names. */
export const hopByHop: ReadonlySet<string> = new Set([
  "connection",
  "keep-alive",
  "proxy-authenticate",
  "proxy-authorization",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);

/** Headers that carry a provider's credential: a route with its own sends none of the client's. */
export const credentialHeaders: ReadonlySet<string> = new Set([
  "authorization",
  "x-api-key",
  "api-key",
  "x-goog-api-key",
  "xi-api-key",
  "ocp-apim-subscription-key",
]);

const credentialParameters: ReadonlySet<string> = new Set([
  "access_token",
  "api-key",
  "api_key",
  "apikey",
  "key",
  "sig",
  "signature",
  "subscription-key",
  "token",
]);

/** A query parameter that, by its name, carries a credential. */
export function isCredentialParameter(name: string): boolean {
  return credentialParameters.has(name.toLowerCase());
}

const none: ReadonlySet<string> = new Set();

/** The field names that a `Connection` value lists, in lower case. */
export function connectionNames(connection: string | null | undefined): ReadonlySet<string> {
  if (connection === null || connection === undefined) return none;
  const plain = connection.toLowerCase();
  if (plain === "keep-alive" || plain === "close") return none;
  return new Set(plain.split(",").map((name) => name.trim()));
}
