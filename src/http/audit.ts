import { type Static, Type } from "@sinclair/typebox";
import { Elysia } from "elysia";
import type { AuditEntry, AuditFilter } from "../core/key-book.ts";
import { type AdminDeps, adminAuth } from "./admin-auth.ts";
import { adminRoute } from "./operation.ts";
import { dateField, endOf, pageField, pagesOf, sizeField, timeOf } from "./paging.ts";
import { nullable, Time, timeText } from "./payer-shape.ts";
import { readQuery } from "./read-request.ts";

const standardSize = 50;

/** `GET /audit`: every change that an admin made, the newest first. */
export const audit = (deps: AdminDeps) =>
  new Elysia({ name: "audit" }).use(adminAuth(deps)).get(
    "/audit",
    ({ request }) => {
      const query = readQuery(request, AuditQuery);
      const { page = 1, page_size: size = standardSize } = query;
      const { items, total } = deps.book.audit.list(filterOf(query), { page, size });
      return Response.json({
        audit_logs: items.map(shown),
        total,
        page,
        page_size: size,
        total_pages: pagesOf(total, size),
      });
    },
    adminRoute(listed),
  );

const text = (description: string) => Type.Optional(Type.String({ description }));

const AuditQuery = Type.Object({
  page: pageField,
  page_size: sizeField(standardSize),
  action: text("As `key.create`."),
  subject: text("What was changed: the id of a key or a team."),
  actor: text("Who changed it: `master key`, `command line`, or the id of an admin key."),
  start_date: dateField("Changes from then on."),
  end_date: dateField("Changes before then; of a day without a time, that day too."),
});

function filterOf(query: Static<typeof AuditQuery>): AuditFilter {
  const since = query.start_date === undefined ? null : timeOf(query.start_date);
  const until = query.end_date === undefined ? null : endOf(query.end_date);
  return {
    ...(query.action === undefined ? {} : { action: query.action }),
    ...(query.subject === undefined ? {} : { subject: query.subject }),
    ...(query.actor === undefined ? {} : { actor: query.actor }),
    ...(since === null ? {} : { since }),
    ...(until === null ? {} : { until }),
  };
}

const AuditShape = Type.Object({
  id: Type.String(),
  at: Time,
  actor: Type.String(),
  action: Type.String(),
  subject: Type.String(),
  before: nullable(Type.Unknown()),
  after: nullable(Type.Unknown()),
});

function shown(entry: AuditEntry): Static<typeof AuditShape> {
  return {
    ...entry,
    at: timeText(entry.at),
    before: entry.before === null ? null : JSON.parse(entry.before),
    after: entry.after === null ? null : JSON.parse(entry.after),
  };
}

const listed = {
  tag: "operations",
  summary: "What admins changed",
  description: "The newest change comes first. Secrets are masked.",
  query: AuditQuery,
  reply: Type.Object({
    audit_logs: Type.Array(AuditShape),
    total: Type.Integer(),
    page: Type.Integer(),
    page_size: Type.Integer(),
    total_pages: Type.Integer(),
  }),
};
