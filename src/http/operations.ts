import { Type } from "@sinclair/typebox";
import { Elysia } from "elysia";
import { GatewayError } from "../core/errors.ts";
import { type AdminDeps, adminAuth } from "./admin-auth.ts";
import { adminRoute } from "./operation.ts";
import { readQuery } from "./read-request.ts";

interface Reloaded {
  readonly faults: readonly string[];
  /** As many as are served now. */
  readonly routes: number;
}

/** What a reload would do; faults and warnings as lines for people, all else as names. */
export interface ReloadPreview {
  /** Where there are any the running config would stay. */
  readonly faults: readonly string[];
  /** Those that the running config does not have. */
  readonly warnings: readonly string[];
  readonly added: readonly string[];
  /** A route's id with the parts that would be others, or a setting's key. */
  readonly changed: readonly string[];
  readonly removed: readonly string[];
}

/** What an operator may ask of the running process. */
export interface Operations {
  /** Calls under way. */
  readonly inFlight: () => number;
  /** Errors that nobody handled, so far. */
  readonly uncaught: () => number;
  /** Log lines dropped, so far. */
  readonly dropped: () => number;
  /** Records of the ledger that were lost because its disk was full for too long, so far. */
  readonly droppedRows: () => number;
  /** Calls whose bodies were to be logged and are lost, so far. */
  readonly droppedBodies: () => number;
  /** Reads the config again; the faults that keep the old one, or none. `reason` is for the log. */
  readonly reload: (reason: string) => Reloaded;
  /** Reads it too, and changes nothing. */
  readonly preview: () => ReloadPreview;
}

/** `GET /health/backlog` and `POST /config/reload`. */
export const operations = (admin: AdminDeps, own: Operations) =>
  new Elysia({ name: "operations" })
    .use(adminAuth(admin))
    .get("/health/backlog", () => Response.json(backlog(own)), adminRoute(counted))
    .post(
      "/config/reload",
      ({ actor, request }) => {
        if (readQuery(request, ReloadQuery).dry_run === true) return previewReply(own.preview());
        const result = own.reload("POST /config/reload");
        admin.book.audit.record(auditOf(result, actor));
        return reloadReply(result);
      },
      adminRoute(reloaded),
    );

const ReloadQuery = Type.Object({
  dry_run: Type.Optional(
    Type.Boolean({
      meant: "true or false",
      description: "Only say what would change: nothing is done.",
    }),
  ),
});

/** Answered with 200 also where there are faults: what was asked for is done. */
function previewReply({ faults, warnings, added, changed, removed }: ReloadPreview): Response {
  const can_reload = faults.length === 0;
  return Response.json({ dry_run: true, can_reload, faults, warnings, added, changed, removed });
}

/** A reload that failed is told of too: somebody tried. */
function auditOf({ faults, routes }: Reloaded, actor: string) {
  const after = JSON.stringify({ reloaded: faults.length === 0, routes, faults: faults.length });
  return { actor, action: "config.reload", subject: "config", before: null, after };
}

function backlog({ inFlight, uncaught, dropped, droppedRows, droppedBodies }: Operations) {
  return {
    in_flight_requests: inFlight(),
    uncaught_errors: uncaught(),
    dropped_log_lines: dropped(),
    dropped_ledger_rows: droppedRows(),
    dropped_logged_bodies: droppedBodies(),
  };
}

/** Faults name keys and lines of the operator's own file, so they go to the operator. */
function reloadReply(result: Reloaded): Response {
  if (result.faults.length === 0) return Response.json({ reloaded: true, routes: result.routes });
  const { message, status } = new GatewayError("config_invalid");
  const error = { message, type: "config_invalid", param: null, code: String(status) };
  return Response.json({ error, faults: result.faults }, { status });
}

const counted = {
  tag: "health",
  summary: "What is under way",
  reply: Type.Object({
    in_flight_requests: Type.Integer(),
    uncaught_errors: Type.Integer(),
    dropped_log_lines: Type.Integer(),
    dropped_ledger_rows: Type.Integer(),
    dropped_logged_bodies: Type.Integer(),
  }),
};

const Texts = Type.Array(Type.String());

const reloaded = {
  tag: "operations",
  summary: "Read the config again",
  description:
    "Where it has faults they are listed under 422, and the running one stays. With dry_run=true nothing is done: the reply tells what would be.",
  query: ReloadQuery,
  reply: Type.Union([
    Type.Object({ reloaded: Type.Boolean(), routes: Type.Integer() }),
    Type.Object({
      dry_run: Type.Boolean(),
      can_reload: Type.Boolean(),
      faults: Texts,
      warnings: Texts,
      added: Texts,
      changed: Texts,
      removed: Texts,
    }),
  ]),
};
