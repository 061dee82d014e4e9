import { pathOf } from "./gateway/parse-target.ts";
import type { Handover, ReserveRequest } from "./handover.ts";
import type { Services } from "./services.ts";
import { type DecisionParts, reportsOf, reserveFor } from "./takeover.ts";

export interface HandoverParts extends Omit<DecisionParts, "levels" | "keys"> {
  readonly handover: Handover;
  readonly services: Services;
}

/** Whether a question over the control socket is one of these. */
export function isHandover(request: Request): boolean {
  return /^\/handover(?:\/|$)/.test(pathOf(request.url));
}

/**
 * What two gateways say to each other in a takeover. To the old one: `/handover` (all that it has in memory),
 * `/handover/ready`; to the new one: `/handover/reserve`, `/handover/ended`.
 */
export async function handoverFetch(request: Request, parts: HandoverParts): Promise<Response> {
  const { handover, services } = parts;
  const body: unknown = await request.json();
  switch (pathOf(request.url).replace("/handover", "")) {
    case "": {
      if (!services.predecessorIsOver()) return Response.json({ refused: unsettled });
      const state = hasText(body, "owner") ? handover.begin(body.owner) : null;
      return Response.json(state ?? { refused: otherOne });
    }
    case "/ready":
      return hasText(body, "socket") && handover.ready(body.socket) ? done() : refused();
    case "/reserve": {
      const { keys, levels, predecessor } = services;
      if (predecessor === null || !isReserve(body)) return refused();
      return Response.json(reserveFor(predecessor, body, { keys, levels, routes: parts.routes }));
    }
    case "/ended":
      services.predecessor?.ended(reportsOf(body));
      return done();
    default:
      return new Response(null, { status: 404 });
  }
}

/** What it has in memory is not all its own. */
const unsettled = "the one before it still has calls under way, for half a minute at most.";
const otherOne = "another one is taking over just now.";

function refused(): Response {
  return new Response(null, { status: 409 });
}

function done(): Response {
  return Response.json({});
}

function hasText<Name extends string>(body: unknown, name: Name): body is Record<Name, string> {
  return typeof body === "object" && body !== null && typeof Reflect.get(body, name) === "string";
}

function isReserve(body: unknown): body is ReserveRequest {
  return typeof body === "object" && body !== null && "need" in body && "routeId" in body;
}
