import { useMemo } from "react";
import { type ApiState, useApi } from "../../api.ts";
import { dayText } from "../../utc-days.ts";
import type { LineReply } from "../../sums.ts";
import { every } from "./every.ts";
import type { Today } from "./replies.ts";
import { useStep } from "./use-step.ts";

/** What was called today (UTC), by route: of the ledger's sums, which have the routes that are gone by now too. */
export function useToday(): ApiState<Today> {
  const day = dayText(useStep(60_000));
  const query = { start_date: day, end_date: day, group_by: "route", by_day: false };
  const { data, ...rest } = useApi<readonly LineReply[]>("/global/spend/report", query, every);
  const today = useMemo(() => (data === undefined ? undefined : todayOf(data, day)), [data, day]);
  return { ...rest, data: today };
}

function todayOf(lines: readonly LineReply[], day: string): Today {
  const routes = lines.map(({ name, calls, failed, unpriced }) => ({
    id: name,
    calls,
    failed,
    unpriced,
  }));
  return { since: `${day}T00:00:00.000Z`, routes };
}
