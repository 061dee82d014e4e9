/** The cookie of a signed-in browser, as it is called without TLS and with it. */
export const sessionCookie = {
  plain: "tollgate_session",
  secure: "__Host-tollgate_session",
} as const;

const ours: ReadonlySet<string> = new Set(Object.values(sessionCookie));

/** A `Cookie` header without the session's; the others stay as they were. Null where nothing is left to send. */
export function withoutSession(value: string): string | null {
  if (!value.includes(sessionCookie.plain)) return value;
  const kept = value.split(";").filter((pair) => !ours.has(nameOf(pair)));
  return kept.length === 0 ? null : kept.join(";").trimStart();
}

/** Of a cookie without a name browsers keep and send what stands behind the `=`. */
const namelessStart = /^[\s=]+/;

/** Whether a `Set-Cookie` line is about a session of ours, or would be sent as if it were. */
export function setsSession(line: string): boolean {
  return ours.has(nameOf((line.split(";", 1)[0] ?? "").replace(namelessStart, "")));
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
