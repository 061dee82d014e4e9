import { Type } from "@sinclair/typebox";
import { Elysia } from "elysia";
import { usdOfNano } from "../core/money.ts";
import { maxSums, type RouteLatencies, type SpendReader } from "../core/spend.ts";
import { type AdminDeps, adminAuth } from "./admin-auth.ts";
import { adminRoute } from "./operation.ts";
import { nullable, Time, timeText } from "./payer-shape.ts";
import { readQuery } from "./read-request.ts";
import { bounded } from "./spend-report.ts";

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const hoursShown = 24;
const standardDays = 30;

/** `GET /routes/activity`: what each served route did of late. */
export const activity = (deps: AdminDeps, reader: SpendReader, now: () => number = Date.now) =>
  new Elysia({ name: "activity" }).use(adminAuth(deps)).get(
    "/routes/activity",
    async ({ request }) => {
      const { days = standardDays } = readQuery(request, ActivityQuery);
      const at = now();
      const since = Math.floor(at / dayMs) * dayMs - (days - 1) * dayMs;
      const firstHour = Math.floor(at / hourMs) * hourMs - (hoursShown - 1) * hourMs;
      const [sums, whole, hours] = await Promise.all([
        reader.sums(["route"], { since }),
        reader.latencies("whole", { since }),
        hoursFrom(reader, firstHour),
      ]);
      const sumOf = new Map(bounded(sums).map((sum) => [sum.names.route, sum]));
      const latencyOf = new Map(whole.map((one) => [one.route, one.duration]));
      const hoursOf = Map.groupBy(hours, ({ route }) => route);
      const routes = deps.rules().routes.all.map(({ id }) => {
        const { calls = 0, failed = 0, unpriced = 0, spendNanoUsd = 0 } = sumOf.get(id) ?? {};
        return {
          id,
          calls,
          failed,
          unpriced,
          spend: calls > 0 && calls === unpriced ? null : usdOfNano(spendNanoUsd),
          p95_ms: latencyOf.get(id)?.p95 ?? null,
          hours: byHour(hoursOf.get(id) ?? [], firstHour),
          hour_start: timeText(firstHour),
        };
      });
      return Response.json({ since: timeText(since), routes });
    },
    adminRoute(told),
  );

/** All at once; hour by hour where that is more than one answer holds. */
async function hoursFrom(reader: SpendReader, first: number): Promise<readonly RouteLatencies[]> {
  const all = await reader.latencies("hour", { since: first });
  if (all.length <= maxSums) return all;
  const hours = Array.from({ length: hoursShown }, (_, index) => first + index * hourMs);
  const found = hours.map((since) => reader.latencies("hour", { since, until: since + hourMs }));
  return (await Promise.all(found)).flat();
}

/** Calls of each hour, the oldest first. */
function byHour(found: readonly RouteLatencies[], first: number): number[] {
  const hours = Array.from({ length: hoursShown }, () => 0);
  for (const { start, duration } of found) {
    const index = (start - first) / hourMs;
    if (index >= 0 && index < hoursShown) hours[index] = duration.calls;
  }
  return hours;
}

const ActivityQuery = Type.Object({
  days: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: 400,
      meant: "a whole number from 1 to 400",
      description: `Of so many days, in UTC, today among them: ${standardDays} unless said otherwise.`,
    }),
  ),
});

const told = {
  tag: "operations",
  summary: "What each route did of late",
  description:
    "One entry for each route that is served, in the order of /routes. Sums of whole days; hours of the last 24, the one that runs now among them, with the calls that the upstream answered or let wait until the deadline: those whose latency is known, of which p95_ms is to within 10 %.",
  query: ActivityQuery,
  reply: Type.Object({
    since: Time,
    routes: Type.Array(
      Type.Object({
        id: Type.String(),
        calls: Type.Integer(),
        failed: Type.Integer(),
        unpriced: Type.Integer({ description: "Calls whose cost is not known." }),
        spend: nullable(Type.Number({ description: "USD; null where no call's cost is known." })),
        p95_ms: nullable(Type.Number()),
        hours: Type.Array(Type.Integer(), { description: "Calls by hour, the oldest first." }),
        hour_start: Time,
      }),
    ),
  }),
};
