import { Elysia } from "elysia";
import type { Caller } from "../core/types.ts";
import { type GatewayDeps, handleCall } from "../gateway/pipeline.ts";

/**
 * The data plane: every path and method that no other plugin claims. `parse: "none"` leaves the body a stream.
 * Nothing here may touch `set`: Elysia would rebuild the reply and corrupt chunked binary bodies.
 */
export const gateway = (deps: GatewayDeps, callerOf: (request: Request) => Caller) =>
  new Elysia({ name: "gateway" }).all(
    "/*",
    ({ request }) => handleCall(request, callerOf(request), deps),
    { parse: "none" },
  );
