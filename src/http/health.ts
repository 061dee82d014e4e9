import { Elysia } from "elysia";
import { version } from "../version.ts";

/** For probes: the process lives, and it can serve. Without a key, and without a word of the configuration. */
export const health = new Elysia({ name: "health" })
  .get("/health/liveliness", () => "I'm alive!")
  .get("/health/liveness", () => "I'm alive!")
  .get("/health/readiness", () => Response.json({ status: "healthy", version }));
