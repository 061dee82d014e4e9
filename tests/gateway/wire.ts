import { headerValues } from "../helpers/http1.ts";
import type { RawOptions, RawReply } from "../helpers/raw-client.ts";
import type { RawUpstream, RecordedRequest } from "../helpers/raw-upstream.ts";

/** A master key that no tutorial knows. */
export const masterKey = "sk-mk-7d1f0c94e2ab48b6a3305c71";

/** A config.yaml: each endpoint is the inside of a flow mapping, `settings` are lines of `general_settings`. */
export function config(endpoints: readonly string[], ...settings: readonly string[]): string {
  return [
    "general_settings:",
    ...settings.map((line) => `  ${line}`),
    "  pass_through_endpoints:",
    ...endpoints.map((endpoint) => `    - { ${endpoint} }`),
    "",
  ].join("\n");
}

/** A request without a body; further header lines as they are to be sent. */
export function get(target: string, ...lines: readonly string[]): Buffer {
  return request(`GET ${target}`, lines);
}

/** A POST with a body of known length. */
export function post(
  target: string,
  body: string | Uint8Array,
  ...lines: readonly string[]
): Buffer {
  return withBody(`POST ${target}`, body, ...lines);
}

/** A request with a body of known length; a string is latin1, one character a byte. */
export function withBody(
  start: string,
  body: string | Uint8Array,
  ...lines: readonly string[]
): Buffer {
  const bytes = bytesOf(body);
  return request(start, [...lines, `Content-Length: ${bytes.length}`], bytes);
}

/** A request whose body comes in these chunks. */
export function chunked(
  start: string,
  chunks: readonly (string | Uint8Array)[],
  ...lines: readonly string[]
): Buffer {
  const parts = chunks.flatMap((each) => {
    const bytes = bytesOf(each);
    return [Buffer.from(`${bytes.length.toString(16)}\r\n`), bytes, Buffer.from("\r\n")];
  });
  const body = Buffer.concat([...parts, Buffer.from("0\r\n\r\n")]);
  return request(start, [...lines, "Transfer-Encoding: chunked"], body);
}

/** A request of these lines; `Host` is localhost unless a line says otherwise. */
export function request(
  start: string,
  lines: readonly string[] = [],
  body: string | Uint8Array = "",
): Buffer {
  const host = lines.some((line) => /^host:/i.test(line)) ? [] : ["Host: localhost"];
  const head = [`${start} HTTP/1.1`, ...host, ...lines, "", ""].join("\r\n");
  return Buffer.concat([Buffer.from(head, "latin1"), bytesOf(body)]);
}

function bytesOf(body: string | Uint8Array): Buffer {
  return typeof body === "string" ? Buffer.from(body, "latin1") : Buffer.from(body);
}

/** What a client must know of its own method to read the reply. */
export function readingFor(method: string): RawOptions {
  return method === "HEAD" ? { method } : {};
}

/** The last request that went up, whole. */
export async function lastOf(upstream: RawUpstream): Promise<RecordedRequest> {
  const last = upstream.requests.at(-1);
  if (last === undefined) throw new Error("nothing went up");
  await upstream.waitFor((each) => each === last && each.ended() !== "open");
  return last;
}

/** The values of a header of a request, in order. */
export function sent(recorded: RecordedRequest, name: string): string[] {
  return headerValues(recorded.headerLines, name);
}

/** The names of a request's headers, in lower case. */
export function namesOf(recorded: RecordedRequest): string[] {
  return recorded.headerLines.map((line) => line.slice(0, line.indexOf(":")).toLowerCase());
}

/** The code (`type`) of one of the gateway's own errors; fails where the reply is none. */
export function errorType(reply: RawReply): string {
  const parsed: unknown = JSON.parse(reply.body.toString());
  if (typeof parsed === "object" && parsed !== null && "error" in parsed) {
    const { error } = parsed;
    if (typeof error === "object" && error !== null && "type" in error) return String(error.type);
  }
  throw new Error(`not an error body: ${reply.body.toString()}`);
}
