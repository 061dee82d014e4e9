import { Type } from "@sinclair/typebox";
import { Elysia } from "elysia";
import type { LatencySpan, Percentiles, SpendReader } from "../core/spend.ts";
import { type AdminDeps, adminAuth } from "./admin-auth.ts";
import { adminRoute } from "./operation.ts";
import { nullable, Time, timeText } from "./payer-shape.ts";
import { readQuery } from "./read-request.ts";
import { defined, span, text, timeFields } from "./spend-query.ts";
import { bounded } from "./spend-report.ts";

/** `GET /global/latency`: how long the calls of each route took. */
export const latency = (deps: AdminDeps, reader: SpendReader) =>
  new Elysia({ name: "latency" }).use(adminAuth(deps)).get(
    "/global/latency",
    async ({ request }) => {
      const query = readQuery(request, LatencyQuery);
      const by = isSpan(query.group_by) ? query.group_by : "whole";
      const found = await reader.latencies(by, defined({ ...span(query), route: query.route }));
      return Response.json(
        bounded(found).map(({ start, route, duration, firstByte, overhead }) => ({
          start: by === "whole" ? null : timeText(start),
          route,
          duration_ms: shown(duration),
          first_byte_ms: shown(firstByte),
          overhead_ms: shown(overhead),
        })),
      );
    },
    adminRoute(told),
  );

const spans: readonly LatencySpan[] = ["hour", "day", "whole"];

const isSpan = (value: unknown): value is LatencySpan => spans.some((one) => one === value);

function shown({ calls, p50, p90, p95, p99 }: Percentiles) {
  return { calls, p50, p90, p95, p99 };
}

const LatencyQuery = Type.Object({
  ...timeFields,
  route: text("Of this route alone, by its id."),
  group_by: Type.Optional(
    Type.String({
      meant: `one of ${spans.join(", ")}`,
      sound: isSpan,
      description: "whole unless said otherwise: all of the time together.",
    }),
  ),
});

const Millis = nullable(Type.Number());

const PercentilesShape = Type.Object({
  calls: Type.Integer(),
  p50: Millis,
  p90: Millis,
  p95: Millis,
  p99: Millis,
});

const told = {
  tag: "spend",
  summary: "Latencies by route: p50, p90, p95, p99",
  description:
    "Milliseconds, to within 10 %, of the calls that the upstream answered or let wait until the deadline. Whole days, or whole hours with group_by=hour, in UTC; hours are kept for 400 days. overhead_ms is the time spent in this gateway.",
  query: LatencyQuery,
  reply: Type.Array(
    Type.Object({
      start: nullable(Time),
      route: Type.String(),
      duration_ms: PercentilesShape,
      first_byte_ms: PercentilesShape,
      overhead_ms: PercentilesShape,
    }),
  ),
};
