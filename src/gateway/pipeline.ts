import { GatewayError } from "../core/errors.ts";
import type { RouteTable } from "../core/routes.ts";
import type { Call, Entrance } from "../core/types.ts";
import { type AddressRules, checkAddress } from "./check-address.ts";
import { authenticate, type KeyRules } from "./authenticate.ts";
import { buildRequest, type Scrub } from "./build-request.ts";
import { CallClock } from "./clock.ts";
import { parseTarget } from "./parse-target.ts";
import { readBody } from "./read-body.ts";
import { type CallLog, type InFlight, OpenRecord } from "./record.ts";
import { relay } from "./relay.ts";
import { send } from "./send.ts";

/** What a reload replaces, swapped whole. A call keeps the one it started with. */
export interface GatewayRules {
  readonly routes: RouteTable;
  readonly addresses: AddressRules;
  readonly keys: KeyRules;
  readonly scrub: Scrub;
  /** `include_call_id_in_error_body`. */
  readonly callIdInErrors: boolean;
}

/** All that a call needs of the world. */
export interface GatewayDeps {
  /** Asked once per call. */
  readonly rules: () => GatewayRules;
  readonly log: CallLog;
  readonly inFlight: InFlight;
  /** As many calls as there are files for; infinite where there are plenty. */
  readonly maxCalls: number;
}

/** The life of a call, top to bottom. Each step is the file of its name in this folder. */
export async function handleCall(
  request: Request,
  entrance: Entrance,
  { rules: current, log, inFlight, maxCalls }: GatewayDeps,
): Promise<Response> {
  const rules = current();
  const { method } = request;
  const id = Bun.randomUUIDv7();
  const record = new OpenRecord(id, method, log, inFlight);
  const clock = new CallClock(request, entrance);
  try {
    if (inFlight.count > maxCalls) throw overloaded();
    const headers = request.headers.toJSON();
    const { path, query } = parseTarget(request.url);
    const call: Call = { id, request, headers, method, path, query, entrance };
    checkAddress(() => entrance.addressOf(request), headers, rules.addresses);
    const match = rules.routes.match(method, path);
    const { route } = match;
    record.matched(route);
    log.trace?.matched(call, match);
    authenticate(call, route, rules.keys);

    if (route.deadlines.totalMs !== null) clock.limit(route.deadlines.totalMs);
    const upload = await readBody(call, route, clock);
    const outgoing = buildRequest(call, match, upload.body, rules.scrub);
    record.sent(upload.passed);
    const upstream = await send(outgoing, route, clock);
    record.answered();
    log.trace?.exchanged(call, outgoing.headers, upstream);
    const reply = await relay(upstream, { call, route, clock, record });
    log.trace?.answered(id, request, entrance, reply.status);
    return reply;
  } catch (thrown) {
    clock.stop();
    const error = GatewayError.from(thrown);
    record.finish(error.status, error);
    log.trace?.answered(id, request, entrance, error.status);
    return error.toResponse(id, rules.callIdInErrors);
  }
}

/** The connection is given up too: it holds one of the files that are short. */
function overloaded(): GatewayError {
  return new GatewayError("overloaded", { headers: { connection: "close", "retry-after": "1" } });
}
