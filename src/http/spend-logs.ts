import { type Static, Type } from "@sinclair/typebox";
import { Elysia } from "elysia";
import type { BodyReader } from "../core/body-log.ts";
import type { CallFilter, SpendReader } from "../core/spend.ts";
import { type AdminDeps, adminAuth } from "./admin-auth.ts";
import { logDetail } from "./log-detail.ts";
import { logExport } from "./log-export.ts";
import { adminRoute } from "./operation.ts";
import { pagesOf } from "./paging.ts";
import { readQuery } from "./read-request.ts";
import { dailySummary, SummaryShape } from "./spend-report.ts";
import {
  callFilter,
  ListQuery,
  notForLogs,
  PageQuery,
  rowOrder,
  searched,
  standardSize,
} from "./spend-query.ts";
import { LogShape, logShapes } from "./spend-shape.ts";

/** The list without pages ends here: who wants more asks for pages. */
const longestList = 1_000;

const latest = { by: "startedAt", descending: true } as const;

/** `/spend/logs` and its successors: the calls, one by one. `bodies`: null where none are logged. */
export const spendLogs = (
  deps: AdminDeps,
  reader: SpendReader,
  bodies: BodyReader | null = null,
) => {
  const { book } = deps;

  const page = async (request: Request) => {
    const query = readQuery(request, PageQuery, notForLogs);
    const { page: number = 1, page_size: size = standardSize } = query;
    const filter = await searched(callFilter(book, query), query.search, bodies);
    const found = await reader.rows(filter, rowOrder(query), { page: number, size });
    const { items, total, isCapped: total_is_capped = false } = found;
    const total_pages = pagesOf(total, size);
    const data = logShapes(items, book);
    return Response.json({
      data,
      total,
      total_is_capped,
      page: number,
      page_size: size,
      total_pages,
    });
  };

  const list = async (filter: CallFilter) => {
    const { items, total } = await reader.rows(filter, latest, { page: 1, size: longestList });
    return Response.json(logShapes(items, book), { headers: { "x-total-count": String(total) } });
  };

  return new Elysia({ name: "spend-logs" })
    .use(logDetail(deps, reader, bodies))
    .use(logExport(deps, reader, bodies))
    .use(adminAuth(deps))
    .get(
      "/spend/logs",
      async ({ request }) => {
        const query = readQuery(request, ListQuery);
        const filter = callFilter(book, query);
        if (!isSummary(query)) return list(filter);
        return Response.json(await dailySummary(reader, filter));
      },
      adminRoute(listed),
    )
    .get("/spend/logs/v2", ({ request }) => page(request), adminRoute(paged))
    .get("/spend/logs/ui", ({ request }) => page(request), adminRoute(paged));
};

function isSummary(query: Static<typeof ListQuery>): boolean {
  if (query.request_id !== undefined || query.summarize === false) return false;
  return query.start_date !== undefined && query.end_date !== undefined;
}

const listed = {
  tag: "spend",
  summary: "Calls, or their sums by day",
  description: `The newest calls, ${longestList} at most (x-total-count tells how many there are); with both dates, sums by day. LiteLLM's older form: /spend/logs/v2 has pages.`,
  query: ListQuery,
  reply: Type.Union([Type.Array(LogShape), Type.Array(SummaryShape)]),
};

const paged = {
  tag: "spend",
  summary: "Calls, by page",
  description: "Every call that passed authentication, the refused ones too; the newest first.",
  query: PageQuery,
  reply: Type.Object({
    data: Type.Array(LogShape),
    total: Type.Integer(),
    total_is_capped: Type.Boolean({ description: "There are more: total is what was counted." }),
    page: Type.Integer(),
    page_size: Type.Integer(),
    total_pages: Type.Integer(),
  }),
};
