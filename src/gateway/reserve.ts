import type { Principal } from "../core/key-record.ts";
import type { Seat } from "../core/ledger.ts";
import type { Route } from "../core/routes.ts";
import type { Body, Call } from "../core/types.ts";
import { factsOf, mayUseModels } from "./body-facts.ts";
import { shownModel } from "./notes.ts";
import type { OwnKeys } from "./own-keys.ts";
import type { OpenRecord } from "./record.ts";

/** Who wants to send what where. */
export interface Reservation {
  readonly call: Call;
  readonly route: Route;
  readonly principal: Principal;
  readonly body: Body;
  /** Kept out of what is recorded. */
  readonly own: OwnKeys;
}

/**
 * What the request needs, as far as a limit asks for it, and its place in those limits: models, tokens, money.
 * Resolves when the call may be sent. Throws or rejects with `model_unreadable`, `model_not_allowed`, and what
 * `Seat.reserve` does.
 */
export function reserve(
  { call, route, principal, body, own }: Reservation,
  seat: Seat,
  record: OpenRecord,
): Promise<void> {
  const facts = seat.needsModel || seat.needsTokens ? factsOf(call, route, body, seat) : noFacts;
  if (seat.needsModel) mayUseModels(principal, facts.models);
  const [first] = facts.models;
  const model = first === undefined ? null : shownModel(first, own);
  record.named(model);
  const { id: callId, method } = call;
  const need = { callId, startedAt: record.startedAt, method, model, ...facts };
  return seat.reserve(need, record.notes);
}

const noFacts = { models: [], tokens: 0 } as const;
