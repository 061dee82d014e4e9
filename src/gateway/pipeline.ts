import { GatewayError } from "../core/errors.ts";
import type { RouteTable } from "../core/routes.ts";
import type { Call, Caller } from "../core/types.ts";
import { type AddressRules, checkAddress } from "./check-address.ts";
import { authenticate, type KeyRules } from "./authenticate.ts";
import { buildRequest, type Scrub } from "./build-request.ts";
import { CallClock } from "./clock.ts";
import { parseTarget } from "./parse-target.ts";
import { readBody } from "./read-body.ts";
import { type CallLog, OpenRecord } from "./record.ts";
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
  /** Calls under way, the streams among them. */
  readonly inFlight: { count: number };
  /** As many calls as there are files for; infinite where there are plenty. */
  readonly maxCalls: number;
}

/** The life of a call, top to bottom. Each step is the file of its name in this folder. */
export async function handleCall(
  request: Request,
  caller: Caller,
  deps: GatewayDeps,
): Promise<Response> {
  const rules = deps.rules();
  const id = Bun.randomUUIDv7();
  const startedAt = performance.now();
  const record = openRecord({ id, method: request.method, startedAt }, deps);
  const clock = new CallClock(request);
  try {
    if (deps.inFlight.count > deps.maxCalls) throw new GatewayError("overloaded");
    const target = parseTarget(request.url);
    const call: Call = { id, request, method: request.method, ...target, caller, startedAt };
    checkAddress(call, rules.addresses);
    const match = rules.routes.match(call.method, call.path);
    record.matched(match.route);
    authenticate(call, match.route, rules.keys);

    if (match.route.deadlines.totalMs !== null) clock.limit(match.route.deadlines.totalMs);
    const upload = await readBody(call, match.route, clock);
    record.uploading(upload.bytes);
    const outgoing = buildRequest(call, match, upload.body, rules.scrub);
    record.sent();
    const upstream = await send(outgoing, match.route, clock);
    record.answered();
    const { status, headers: received } = upstream;
    deps.log.trace?.({ call, match, sent: outgoing.headers, received, status });
    return await relay(call, match.route, upstream, { clock, record });
  } catch (thrown) {
    clock.stop();
    const error = GatewayError.from(thrown);
    record.finish(error.status, error);
    return error.toResponse(id, rules.callIdInErrors);
  }
}

function openRecord(
  call: Pick<Call, "id" | "method" | "startedAt">,
  deps: GatewayDeps,
): OpenRecord {
  deps.inFlight.count += 1;
  return new OpenRecord(call, deps.log, () => {
    deps.inFlight.count -= 1;
  });
}
