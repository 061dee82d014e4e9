import { Type } from "@sinclair/typebox";
import { Elysia } from "elysia";
import type { ReportSection } from "../config/report.ts";
import type { Route } from "../core/routes.ts";
import { type AdminDeps, adminAuth } from "./admin-auth.ts";
import { adminRoute } from "./operation.ts";
import { nullable } from "./payer-shape.ts";

/** Something to say about one place of a config. Never a value of it. */
export interface ReportedFinding {
  readonly severity: "fault" | "warning";
  /** `config.yaml:12:7`; of an endpoint made through the API, its id. */
  readonly place: string;
  /** Empty where it is about the whole. */
  readonly key: string;
  readonly message: string;
  /** What to do about it. */
  readonly remedy: string;
}

/** What a config would do, and what is wrong with it. */
export interface ConfigReport {
  readonly file: string;
  readonly sections: readonly ReportSection[];
  readonly findings: readonly ReportedFinding[];
  /** As they would be served. */
  readonly routes: readonly Route[];
  /** Endpoints that wait for variables. */
  readonly off: readonly { readonly path: string; readonly unset: readonly string[] }[];
}

/** `GET /config/report`: what `tollgate check` says, of the file as it is now. */
export const configReport = (deps: AdminDeps, report: () => ConfigReport) =>
  new Elysia({ name: "config-report" })
    .use(adminAuth(deps))
    .get("/config/report", () => Response.json(shown(report())), adminRoute(told));

const authWords = { key: true, local: null, anyone: false } as const;

function shown({ file, sections, findings, routes, off }: ConfigReport) {
  const served = routes.map((route) => ({
    id: route.id,
    owner: route.owner,
    path: route.path,
    include_subpath: route.includeSubpath,
    methods: route.methods === null ? null : [...route.methods],
    target: route.label,
    auth: authWords[route.auth],
  }));
  return { file, sections, findings, routes: served, off };
}

const Texts = Type.Array(Type.String());

const Row = Type.Object({
  line: nullable(Type.Integer({ description: "null: a key that is left out, and matters." })),
  status: Type.String({ description: "honoured, differs, ignored, unsafe, not yet, or fault." }),
  key: Type.String(),
  meaning: Type.String(),
});

const told = {
  tag: "operations",
  summary: "What the configuration means",
  description:
    "Every key of the file as it is now, what becomes of it, what is wrong with it, and the routes as they would be served: what tollgate check says. Nothing is changed, and no value is told.",
  reply: Type.Object({
    file: Type.String(),
    sections: Type.Array(Type.Object({ title: Type.String(), rows: Type.Array(Row) })),
    findings: Type.Array(
      Type.Object({
        severity: Type.String({ description: "fault or warning" }),
        place: Type.String({ description: "file:line:column" }),
        key: Type.String(),
        message: Type.String(),
        remedy: Type.String(),
      }),
    ),
    routes: Type.Array(
      Type.Object({
        id: Type.String(),
        owner: Type.String({ description: "config or api" }),
        path: Type.String(),
        include_subpath: Type.Boolean(),
        methods: nullable(Texts),
        target: Type.String(),
        auth: nullable(Type.Boolean()),
      }),
    ),
    off: Type.Array(Type.Object({ path: Type.String(), unset: Texts })),
  }),
};
