import type { Need, Seat } from "../core/ledger.ts";
import type { Principal } from "../core/key-record.ts";
import type { Route } from "../core/routes.ts";
import type { Body, Call } from "../core/types.ts";
import { factsOf, mayUseModels } from "./body-facts.ts";
import type { CallUsage } from "./call-usage.ts";
import { shownModel } from "./notes.ts";
import type { OwnKeys } from "./own-keys.ts";
import type { OpenRecord } from "./record.ts";

/** Who wants to send what where. */
export interface Reservation {
  readonly call: Call;
  readonly route: Route;
  readonly principal: Principal;
  readonly body: Body;
  readonly usage: CallUsage;
  /** Kept out of what is recorded. */
  readonly own: OwnKeys;
}

/**
 * What the request needs, as far as a limit asks for it, and its place in those limits: models, tokens, money.
 * Resolves when the call may be sent. Throws or rejects with `model_unreadable`, `model_not_allowed`, and what
 * `Seat.reserve` does.
 */
export async function reserve(
  { call, route, principal, body, usage, own }: Reservation,
  seat: Seat,
  record: OpenRecord,
): Promise<void> {
  const needsCost = seat.needsCost && route.costNanoUsd === null && route.metering !== null;
  const isAsked = seat.needsModel || seat.needsTokens || needsCost;
  const facts = isAsked ? factsOf(call, route, body, seat) : noFacts;
  if (seat.needsModel) mayUseModels(principal, facts.models);
  const [first] = facts.models;
  const model = first === undefined ? null : shownModel(first, own);
  record.named(model);
  usage.named(facts.models);
  const { id: callId, method } = call;
  const { models, tokens, input, output } = facts;
  const isRead = body.kind !== "stream"; // else it may ask for anything: no estimate would be one
  const costNanoUsd = needsCost && isRead ? await usage.estimate(models, input, output) : null;
  const need: Need = {
    callId,
    startedAt: record.startedAt,
    method,
    model,
    models,
    tokens,
    costNanoUsd,
  };
  return seat.reserve(need, record.notes);
}

const noFacts = { models: [], tokens: 0, input: 0, output: 0 } as const;
