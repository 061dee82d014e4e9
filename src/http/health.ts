import { Type } from "@sinclair/typebox";
import { Elysia } from "elysia";
import { operation } from "./operation.ts";
import { probes } from "./probes.ts";

/** The probes as part of the API and its document. */
export const health = new Elysia({ name: "health" })
  .get("/health/liveliness", () => probes["/health/liveliness"]?.(), { detail: alive() })
  .get("/health/liveness", () => probes["/health/liveness"]?.(), { detail: alive() })
  .get("/health/readiness", () => probes["/health/readiness"]?.(), {
    detail: operation({
      tag: "health",
      summary: "Whether the gateway can serve",
      access: "none",
      reply: Type.Object({ status: Type.String(), version: Type.String() }),
    }),
  });

function alive() {
  return operation({ tag: "health", summary: "Whether the process lives", access: "none" });
}
