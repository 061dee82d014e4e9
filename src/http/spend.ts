import { type Static, Type } from "@sinclair/typebox";
import { Elysia } from "elysia";
import type { BodyReader } from "../core/body-log.ts";
import type { SpendReader, SumFilter } from "../core/spend.ts";
import { type AdminDeps, adminAuth } from "./admin-auth.ts";
import { refuse } from "./field-faults.ts";
import { latency } from "./latency.ts";
import { adminRoute } from "./operation.ts";
import { Time, timeText } from "./payer-shape.ts";
import { readQuery } from "./read-request.ts";
import { spendLogs } from "./spend-logs.ts";
import { defined, keyIdsOf, span, text, timeFields } from "./spend-query.ts";
import { SpendLine, spendLines } from "./spend-lines.ts";
import { bounded, dayReport, groupReport, keyReport, tagReport, totals } from "./spend-report.ts";
import { unpricedCalls, UnpricedReply } from "./spend-unpriced.ts";

/** `/spend/…` and `/global/spend/report`: what was called, and what it cost. */
export const spend = (deps: AdminDeps, reader: SpendReader, bodies: BodyReader | null = null) => {
  const { book } = deps;
  return new Elysia({ name: "spend" })
    .use(spendLogs(deps, reader, bodies))
    .use(latency(deps, reader))
    .use(adminAuth(deps))
    .get(
      "/spend/tags",
      async ({ request }) => {
        const filter = defined(span(readQuery(request, SpanQuery)));
        const sums = bounded(await reader.tagSums(["tag"], filter));
        const shown = sums.map((sum) => ({
          individual_request_tag: sum.names.tag,
          log_count: sum.calls,
          ...totals([sum]),
        }));
        return Response.json(shown);
      },
      adminRoute(tags),
    )
    .get(
      "/global/spend/report",
      async ({ request }) => {
        const query = readQuery(request, ReportQuery, notForReports);
        const filter = defined({
          ...span(query),
          keyIds: keyIdsOf(book, query),
          teamId: query.team_id,
          userId: query.internal_user_id,
        });
        return Response.json(await report(deps, reader, query, filter));
      },
      adminRoute(reported),
    )
    .get(
      "/spend/unpriced",
      async ({ request }) => {
        const query = readQuery(request, UnpricedQuery);
        const filter = defined({ ...span(query), route: query.route });
        return Response.json(await unpricedCalls(reader, filter));
      },
      adminRoute(unpriced),
    )
    .get(
      "/spend/refusals",
      async ({ request }) => {
        const { since = 0, until = Number.MAX_SAFE_INTEGER } = span(readQuery(request, SpanQuery));
        const counts = bounded(await reader.refusals(since, until));
        return Response.json(
          counts.map(({ minute, ...rest }) => ({ minute: timeText(minute), ...rest })),
        );
      },
      adminRoute(refusals),
    );
};

const groups = ["team", "customer", "api_key", "user", "route", "model", "tag", "day"] as const;
type Group = (typeof groups)[number];

const isGroup = (value: unknown): value is Group => groups.some((group) => group === value);

const SpanQuery = Type.Object(timeFields);

const UnpricedQuery = Type.Object({
  ...timeFields,
  route: text("Of this route alone, by its id."),
});

const ReportQuery = Type.Object({
  start_date: Type.Required(Type.Object(timeFields)).properties.start_date,
  end_date: Type.Required(Type.Object(timeFields)).properties.end_date,
  group_by: Type.Optional(
    Type.String({
      meant: `one of ${groups.join(", ")}`,
      sound: isGroup,
      description: "team unless said otherwise; api_key where a key or a user is named.",
    }),
  ),
  api_key: text("Of this key alone, or its id."),
  team_id: text("Of this team alone."),
  internal_user_id: text("Of this user's keys alone."),
  by_day: Type.Optional(
    Type.Boolean({
      meant: "true or false",
      description:
        "Instead of LiteLLM's form a plain list with one line for each group, by day (true) or of the whole time (false).",
    }),
  ),
});

const notForReports = { customer_id: "use group_by=customer" };

function groupOf(query: {
  readonly group_by?: string;
  readonly api_key?: string;
  readonly internal_user_id?: string;
}): Group {
  if (isGroup(query.group_by)) return query.group_by;
  const isOfKeys = query.api_key !== undefined || query.internal_user_id !== undefined;
  return isOfKeys ? "api_key" : "team";
}

function report(
  { book, rules }: AdminDeps,
  reader: SpendReader,
  query: Static<typeof ReportQuery>,
  filter: SumFilter,
): Promise<unknown[]> {
  const group = groupOf(query);
  const { by_day: byDay } = query;
  if (byDay !== undefined && group !== "day") {
    const names = { book, routes: () => rules().routes.all };
    return spendLines(reader, { group, byDay, filter }, names);
  }
  switch (group) {
    case "api_key":
      return keyReport(reader, filter);
    case "day":
      return dayReport(reader, filter);
    case "tag":
      if (filter.userId !== undefined) {
        throw refuse(["internal_user_id: tags are not counted by user."]);
      }
      return tagReport(reader, filter);
    default:
      return groupReport(reader, book, group, filter);
  }
}

const tags = {
  tag: "spend",
  summary: "Spend by tag",
  description: "The dearest first; a call with two tags counts for each.",
  query: SpanQuery,
  reply: Type.Array(
    Type.Object({ individual_request_tag: Type.String(), log_count: Type.Integer() }),
  ),
};

const reported = {
  tag: "spend",
  summary: "Spend by day and team, customer, key, user, route, model or tag",
  description:
    "Whole days, in UTC. Calls that retention removed still count. Where the lists by model and key would have more than 10,000 lines in all, they are empty.",
  query: ReportQuery,
  reply: Type.Union([Type.Array(SpendLine), Type.Array(Type.Unknown())]),
};

const unpriced = {
  tag: "spend",
  summary: "Calls whose cost is not known, with why",
  description:
    "Of the newest calls: by route, model and reason, the most frequent first. How many there are in all, /global/spend/report counts.",
  query: UnpricedQuery,
  reply: UnpricedReply,
};

const refusals = {
  tag: "spend",
  summary: "Calls that were refused before it was known who calls",
  description: "By minute, route and error, the newest first.",
  query: SpanQuery,
  reply: Type.Array(
    Type.Object({
      minute: Time,
      route: Type.String(),
      code: Type.String(),
      count: Type.Integer(),
    }),
  ),
};
