import { GatewayError } from "./core/errors.ts";
import type { KeyBook } from "./core/key-book.ts";
import type { Principal } from "./core/key-record.ts";
import { noLimits } from "./core/limits.ts";
import type { RouteTable } from "./core/routes.ts";
import type { AskSocket, Reserved, ReserveRequest } from "./handover.ts";
import type { Levels } from "./ledger/levels.ts";
import type { Predecessor, Report } from "./ledger/predecessor.ts";
import type { HandoverState } from "./ledger/successor.ts";
import { StartError } from "./process/start-error.ts";

/** The process before this one, from the moment it was asked for all that it has in memory. */
export interface Takeover {
  /** Names the process. */
  readonly owner: string;
  readonly state: HandoverState;
  /** This process decides from now on, and is asked at `socket`. Throws a `StartError` where it is too late. */
  ready(socket: string | null): Promise<void>;
}

/**
 * Asks the process before this one, at its control socket, to stop deciding and to give what it has in memory. It
 * goes on as before where nothing more is heard of this one. Throws a `StartError`.
 */
export async function beginTakeover(
  predecessor: string | null,
  { owner, successor }: { readonly owner: string; readonly successor: string },
  ask: AskSocket,
): Promise<Takeover> {
  if (predecessor === null) throw unreachable("it has no control socket.");
  const state = await asked(() => ask(predecessor, "/handover", { owner: successor }));
  if (!isState(state)) throw unreachable(refusalOf(state) ?? "its answer makes no sense.");
  return {
    owner,
    state,
    ready: async (socket) => {
      if (socket === null) throw unreachable("this one has no control socket.");
      await asked(() => ask(predecessor, "/handover/ready", { socket }));
    },
  };
}

async function asked(question: () => Promise<unknown>): Promise<unknown> {
  try {
    return await question();
  } catch (cause) {
    throw unreachable(cause instanceof Error ? cause.message : String(cause));
  }
}

function unreachable(reason: string): StartError {
  return new StartError(
    `The running gateway cannot be taken over from: ${reason} Stop it and start without --takeover, or try again.`,
    1,
  );
}

/** Why the running gateway does not want it; null where it does not say. */
function refusalOf(answer: unknown): string | null {
  const isRefusal = typeof answer === "object" && answer !== null && "refused" in answer;
  return isRefusal && typeof answer.refused === "string" ? answer.refused : null;
}

function isState(value: unknown): value is HandoverState {
  return typeof value === "object" && value !== null && "tallies" in value && "calls" in value;
}

/** What this process knows, to decide for the predecessor's last calls. */
export interface DecisionParts {
  readonly keys: Pick<KeyBook, "key" | "team">;
  readonly routes: () => RouteTable;
  readonly levels: Levels;
}

/** Decides for a call that still reached the predecessor; its refusal is a value. */
export function reserveFor(
  predecessor: Predecessor,
  { kind, keyId, routeId, costNanoUsd, need }: ReserveRequest,
  { keys, routes, levels }: DecisionParts,
): Reserved {
  try {
    const principal = principalOf(kind, keyId, keys);
    // One that this process's config has no more has no limits of its own: the other levels hold.
    const route = routes().all.find(({ id }) => id === routeId) ?? {
      id: routeId,
      limits: noLimits,
    };
    return { granted: predecessor.reserve(levels.of(principal, route), need, costNanoUsd) };
  } catch (error) {
    const { code, detail, headers } = GatewayError.from(error);
    return { code, detail, headers };
  }
}

function principalOf(
  kind: Principal["kind"],
  keyId: string | null,
  keys: DecisionParts["keys"],
): Principal {
  if (kind !== "key") return { kind };
  const key = keyId === null ? null : keys.key(keyId);
  if (key === null) throw new GatewayError("key_invalid");
  return { kind, key, team: key.teamId === null ? null : keys.team(key.teamId) };
}

/** The body of a predecessor's report. */
export function reportsOf(body: unknown): readonly Report[] {
  if (typeof body !== "object" || body === null || !("reports" in body)) return [];
  const { reports } = body;
  return Array.isArray(reports) ? reports : [];
}
