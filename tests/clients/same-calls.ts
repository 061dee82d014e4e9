import { expect } from "bun:test";
import { headerList } from "../helpers/http1.ts";
import type { RecordedRequest } from "../helpers/raw-upstream.ts";
import type { BothWays } from "./both-ways.ts";

export interface RouteHeaders {
  /** Those that the route sends, resolved. */
  readonly own: Readonly<Record<string, string>>;
  /** Whether the route forwards this header of the client too; body and coding headers it always does. */
  readonly forwards?: (name: string) => boolean;
}

const always = new Set([
  "accept",
  "accept-encoding",
  "content-encoding",
  "content-length",
  "content-type",
]);

/** Set by whoever sends. */
const perHop = new Set(["connection", "host"]);

/**
 * The client saw the same, and the upstream got the same calls, byte for byte; of headers it got the
 * client's that the route forwards, the route's own, and no other.
 */
export function expectSameCalls({ direct, relayed }: BothWays, route: RouteHeaders) {
  expect(direct.outcome).toMatchObject({ exitCode: 0, stderr: "" });
  expect(relayed.outcome).toEqual(direct.outcome);
  expect(direct.requests).not.toBeEmpty();
  expect(callsOf(relayed.requests)).toEqual(callsOf(direct.requests));

  const expected = byCall(direct.requests).map((request) => expectedHeaders(request, route));
  expect(byCall(relayed.requests).map(receivedHeaders)).toEqual(expected);
}

function callsOf(requests: readonly RecordedRequest[]) {
  return byCall(requests).map((request) => ({
    line: request.requestLine,
    body: request.body().toString("latin1"),
  }));
}

/** An SDK may send from several threads. */
function byCall(requests: readonly RecordedRequest[]): RecordedRequest[] {
  return requests.toSorted((a, b) => a.requestLine.localeCompare(b.requestLine));
}

function expectedHeaders(request: RecordedRequest, { own, forwards }: RouteHeaders) {
  const kept = namedHeaders(request).filter(
    ([name]) => always.has(name) || (!perHop.has(name) && forwards?.(name) === true),
  );
  return sorted([
    ["accept-encoding", "identity"],
    ["user-agent", "tollgate"],
    ...kept,
    ...Object.entries(own).map(([name, value]) => [name.toLowerCase(), value] as const),
  ]);
}

function receivedHeaders(request: RecordedRequest) {
  const headers = namedHeaders(request).filter(([name]) => !perHop.has(name));
  expect(new Set(headers.map(([name]) => name)).size).toBe(headers.length);
  return sorted(
    headers.map(([name, value]) =>
      name === "user-agent" ? [name, value.replace(/^tollgate\/.*/, "tollgate")] : [name, value],
    ),
  );
}

function namedHeaders({ headerLines }: RecordedRequest) {
  return headerList(headerLines).map(([name, value]) => [name.toLowerCase(), value] as const);
}

/** Of several with one name the last counts. */
function sorted(headers: readonly (readonly [string, string])[]): Record<string, string> {
  const last = new Map(headers);
  return Object.fromEntries([...last].toSorted(([a], [b]) => a.localeCompare(b)));
}
