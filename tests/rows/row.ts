import { expect } from "bun:test";
import { headerValues } from "../helpers/http1.ts";
import type { RawInput, RawOptions, RawReply } from "../helpers/raw-client.ts";
import type { RecordedRequest, Script } from "../helpers/raw-upstream.ts";

/** What both ends saw of one row. */
export interface Exchange {
  readonly reply: RawReply;
  /** What reached the upstream of `/pt`, and of all routes but `/pt2`. */
  readonly sent: readonly RecordedRequest[];
  /** What reached the upstream of `/pt2`. */
  readonly sentOther: readonly RecordedRequest[];
  /** CPU time that the server took, in steps of 10 ms. */
  readonly cpuMs: number;
}

/** One row of the conformance tables: bytes in, and what both ends must see. */
export interface Row {
  readonly id: string;
  readonly about: string;
  readonly send: RawInput;
  readonly options?: RawOptions;
  /** What the upstream answers; 200 with `{}` where left out. It starts once the request's head is there. */
  readonly script?: Script;
  check(exchange: Exchange): void;
  /** Why the row is asserted as it is, not as the table wants it. */
  readonly deviation?: string;
  /** Set where the row has no reply by its nature. */
  readonly silent?: true;
  /** Set where the 500 is the upstream's own. */
  readonly relays500?: true;
  /** Whether nginx passes the same check; left out where nginx has no such thing. */
  readonly nginx?: "meets" | "differs";
}

/** The master key, here the only key of the gateway. */
export const virtualKey = "sk-test-0f3a9d52c17b4e6885aa21c0";
/** The provider keys of `/pt`, `/pt2` and of the query of `/qk`. */
export const providerKeys = {
  pt: "provider-key-one-71",
  pt2: "provider-key-two-82",
  qk: "provider-key-three-93",
} as const;

/** A request without a body; further header lines as they are to be sent. */
export function get(target: string, ...lines: readonly string[]): string {
  return request(`GET ${target}`, lines);
}

/** A request with a body of known length. */
export function post(target: string, body: string, ...lines: readonly string[]): string {
  return request(`POST ${target}`, [...lines, `Content-Length: ${body.length}`], body);
}

/** A request with a body whose framing is given whole by `lines` and `body`. */
export function framed(lines: readonly string[], body: string): string {
  return request("POST /pt/c", lines, body);
}

export function request(start: string, lines: readonly string[] = [], body = ""): string {
  return [`${start} HTTP/1.1`, "Host: localhost", ...lines, "", body].join("\r\n");
}

/** Waits for the connection's end, so that a row sees whether it is closed. */
export const untilClosed: RawOptions = { replies: Infinity, timeoutMs: 400 };

/** The request went up once, to this very target. */
export function forwarded(target: string) {
  return ({ reply, sent }: Exchange) => {
    expect(reply.status).toBe(200);
    expect(sent.map((each) => each.target)).toEqual([target]);
  };
}

/** Answered with one of these, and nothing went up. */
export function refused(...statuses: readonly number[]) {
  return ({ reply, sent, sentOther }: Exchange) => {
    expect(statuses).toContain(reply.status);
    expect([...sent, ...sentOther].map((each) => each.requestLine)).toEqual([]);
  };
}

/** Refused, and the connection is closed: what follows on it is not to be trusted. */
export function refusedAndClosed(...statuses: readonly number[]) {
  return (exchange: Exchange) => {
    refused(...statuses)(exchange);
    expect(exchange.reply.responses.length).toBe(1);
    expect(exchange.reply.ended).toBeOneOf(["fin", "reset"]);
  };
}

/** Nothing whole went up: what a desync would need. */
export function nothingWhole({ sent, sentOther }: Exchange) {
  expect(sentOther).toEqual([]);
  expect(sent.filter((each) => each.ended() === "complete")).toEqual([]);
}

/** The one request that went up. */
export function only(sent: readonly RecordedRequest[]): RecordedRequest {
  const [first] = sent;
  if (first === undefined || sent.length > 1) {
    throw new Error(`${sent.length} requests went up, not one`);
  }
  return first;
}

/** The request went up, with these values of each header. */
export function upWith(expected: Record<string, readonly string[]>) {
  return ({ reply, sent }: Exchange) => {
    expect(reply.status).toBe(200);
    for (const [name, values] of Object.entries(expected))
      expect(up(sent, name)).toEqual([...values]);
  };
}

/** The values of a header of the one request that went up. */
export function up(sent: readonly RecordedRequest[], name: string): string[] {
  return headerValues(only(sent).headerLines, name);
}

/** Rows of one id that differ in one thing. */
export function each<T>(
  id: string,
  values: readonly T[],
  make: (value: T) => Omit<Row, "id">,
): readonly Row[] {
  return values.map((value) => ({ id, ...make(value) }));
}
