/** What the cookie of a signed-in browser is called without TLS, on the port that http has by itself. */
export const sessionCookie = "tollgate_session";

const secureCookie = "__Host-tollgate_session";
const ours = /^(?:__Host-tollgate_session|tollgate_session(?:_\d{1,5})?)$/;

/**
 * What the session's cookie is called. `host`: the `Host` header. Browsers send a cookie to every port of a host: its
 * port keeps two gateways there apart. With TLS the name is one: its prefix says that nobody else set it.
 */
export function sessionCookieName(host: string, isSecure: boolean): string {
  if (isSecure) return secureCookie;
  const [, port] = /:(\d{1,5})$/.exec(host) ?? [];
  return port === undefined ? sessionCookie : `${sessionCookie}_${port}`;
}

/** A `Cookie` header without the session's; the others stay as they were. Null where nothing is left to send. */
export function withoutSession(value: string): string | null {
  if (!value.includes(sessionCookie)) return value;
  const kept = value.split(";").filter((pair) => !ours.test(nameOf(pair)));
  return kept.length === 0 ? null : kept.join(";").trimStart();
}

/** Of a cookie without a name browsers keep and send what stands behind the `=`. */
const namelessStart = /^[\s=]+/;

/** Whether a `Set-Cookie` line is about a session of ours, or would be sent as if it were. */
export function setsSession(line: string): boolean {
  return ours.test(nameOf((line.split(";", 1)[0] ?? "").replace(namelessStart, "")));
}

/** The values of a cookie: a browser sends one for each path and domain that it has it of. */
export function cookieValues(header: string, name: string): string[] {
  const pairs = header.split(";").filter((pair) => nameOf(pair) === name);
  return pairs.map((pair) => pair.slice(pair.indexOf("=") + 1).trim());
}

function nameOf(pair: string): string {
  const equals = pair.indexOf("=");
  return (equals < 0 ? pair : pair.slice(0, equals)).trim();
}
