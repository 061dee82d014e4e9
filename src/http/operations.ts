import { Elysia } from "elysia";
import { GatewayError } from "../core/errors.ts";
import { type AdminDeps, adminAuth } from "./admin-auth.ts";

/** What an operator may ask of the running process. */
export interface Operations {
  /** Calls under way. */
  readonly inFlight: () => number;
  /** Reads the config again; the faults that keep the old one, or none. */
  readonly reload: () => Promise<{ readonly faults: readonly string[]; readonly routes: number }>;
}

/** `GET /health/backlog` and `POST /config/reload`, under the master key. */
export const operations = (admin: AdminDeps, { inFlight, reload }: Operations) =>
  new Elysia({ name: "operations" })
    .use(adminAuth(admin))
    .get("/health/backlog", () => Response.json({ in_flight_requests: inFlight() }), {
      admin: true,
    })
    .post("/config/reload", async () => reloadReply(await reload()), {
      admin: true,
      parse: "none",
    });

/** Faults name keys and lines of the operator's own file, so they go to the operator. */
function reloadReply(result: { readonly faults: readonly string[]; readonly routes: number }) {
  if (result.faults.length === 0) return Response.json({ reloaded: true, routes: result.routes });
  const { message, status } = new GatewayError("config_invalid");
  const error = { message, type: "config_invalid", param: null, code: String(status) };
  return Response.json({ error, faults: result.faults }, { status });
}
