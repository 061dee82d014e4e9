import { Type } from "@sinclair/typebox";
import { Elysia } from "elysia";
import { version } from "../version.ts";
import { operation } from "./operation.ts";

/** For probes: the process lives, and it can serve. Without a key, and without a word of the configuration. */
export const health = new Elysia({ name: "health" })
  .get("/health/liveliness", () => "I'm alive!", { detail: alive() })
  .get("/health/liveness", () => "I'm alive!", { detail: alive() })
  .get("/health/readiness", () => Response.json({ status: "healthy", version }), {
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
