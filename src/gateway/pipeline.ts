import { GatewayError } from "../core/errors.ts";
import type { RouteTable } from "../core/routes.ts";
import type { Call, Entrance } from "../core/types.ts";
import { type AddressRules, checkAddress } from "./check-address.ts";
import { checkAllowed } from "./allowed-routes.ts";
import { askForUsage } from "./ask-for-usage.ts";
import { authenticate, type KeyRules } from "./authenticate.ts";
import { buildRequest, type Scrub } from "./build-request.ts";
import { CallUsage } from "./call-usage.ts";
import { CallClock } from "./clock.ts";
import { notesOf } from "./notes.ts";
import { pathHoldsKey } from "./own-keys.ts";
import { parseTarget } from "./parse-target.ts";
import { readBody, readLimit } from "./read-body.ts";
import { type Listeners, OpenRecord } from "./record.ts";
import { relay } from "./relay.ts";
import { reserve } from "./reserve.ts";
import { send } from "./send.ts";

/** What a reload replaces, swapped whole. A call keeps the one it started with. */
export interface GatewayRules {
  readonly routes: RouteTable;
  readonly addresses: AddressRules;
  readonly keys: KeyRules;
  readonly scrub: Scrub;
  /** `SERVER_ROOT_PATH`, without its last slash. */
  readonly rootPath: string;
  /** `include_call_id_in_error_body`. */
  readonly callIdInErrors: boolean;
}

/** All that a call needs of the world. */
export interface GatewayDeps extends Listeners {
  /** Asked once per call. */
  readonly rules: () => GatewayRules;
  /** As many calls as there are files for; infinite where there are plenty. */
  readonly maxCalls: number;
}

/** The life of a call, top to bottom. Each step is the file of its name in this folder. */
export async function handleCall(
  request: Request,
  entrance: Entrance,
  deps: GatewayDeps,
): Promise<Response> {
  const { rules: current, log, ledger, inFlight, maxCalls } = deps;
  const rules = current();
  const { method } = request;
  const id = Bun.randomUUIDv7();
  const record = new OpenRecord(id, method, deps);
  const clock = new CallClock(request, entrance);
  try {
    if (inFlight.count > maxCalls) throw overloaded();
    const headers = request.headers.toJSON();
    const { path, query } = parseTarget(request.url);
    const call: Call = { id, request, headers, method, path, query, entrance };
    checkAddress(() => entrance.addressOf(request), headers, rules.addresses);
    if (pathHoldsKey(path, rules.scrub)) throw keyInPath();
    const match = rules.routes.match(method, path);
    const { route } = match;
    record.matched(route);
    log.trace?.matched(call, match);
    const principal = authenticate(call, route, rules.keys);
    record.authenticated(principal, notesOf(call, principal, rules.scrub));
    checkAllowed(principal, route, path, rules.rootPath);
    const seat = ledger.admit(principal, route);
    record.seated(seat);

    if (route.deadlines.totalMs !== null) clock.limit(route.deadlines.totalMs);
    const copy = record.copies(call, route);
    const watch = copy === null ? null : (bytes: Uint8Array) => copy.request(bytes);
    const upload = await readBody(call, { route, clock, watch }, readLimit(seat, route));
    const { body } = upload;
    const usage = new CallUsage({ call, match, upload, own: rules.scrub });
    await reserve({ call, route, principal, body, usage, own: rules.scrub }, seat, record);
    const asking = askForUsage(call, route, usage.path, body);
    if (asking !== null) usage.asked();
    const outgoing = buildRequest(call, match, asking ?? body, rules.scrub);
    record.sent(upload.passed, usage);
    log.trace?.sending(call, outgoing, asking !== null);
    const upstream = await send(outgoing, route, clock);
    record.answered(upstream.status);
    log.trace?.exchanged(call, outgoing, upstream);
    const reply = await relay(upstream, { call, route, clock, record, ledger, usage });
    log.trace?.answered(id, request, entrance, reply.status);
    return reply;
  } catch (thrown) {
    clock.stop();
    const error = GatewayError.from(thrown);
    await record.finish(error.status, error);
    log.trace?.answered(id, request, entrance, error.status);
    return error.toResponse(id, rules.callIdInErrors);
  }
}

/** It would go upstream, and into the logs on the way. */
function keyInPath(): GatewayError {
  return new GatewayError("request_invalid", {
    detail: "Its path holds a key of this gateway: keys do not belong into paths.",
  });
}

/** The connection is given up too: it holds one of the files that are short. */
function overloaded(): GatewayError {
  return new GatewayError("overloaded", { headers: { connection: "close", "retry-after": "1" } });
}
