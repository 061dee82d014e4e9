import { useMemo } from "react";
import { type ApiError, useApi } from "../../api.ts";
import type { Days } from "../../utc-days.ts";
import type { Group } from "./query.ts";
import { type NameRow, rowsOf } from "./series.ts";
import { type DayReply, type LineReply, type Sums, sumsOf, together } from "../../sums.ts";

const path = "/global/spend/report";
const every = 60_000;

export interface Spend {
  /** Of all calls; undefined while it loads. */
  readonly whole: Sums | undefined;
  readonly rows: readonly NameRow[] | undefined;
  /** By day and name; null where there are too many of them for one answer. */
  readonly lines: readonly LineReply[] | null | undefined;
  /** By day alone. */
  readonly days: readonly DayReply[] | undefined;
  readonly error: ApiError | undefined;
  readonly reload: () => void;
}

/** The sums of some days. Where days and names are too many for one answer, names and days are asked for apart. */
export function useSpend({ first, last }: Days, group: Group): Spend {
  const span = { start_date: first, end_date: last };
  const days = useApi<readonly DayReply[]>(path, { ...span, group_by: "day" }, { every });
  const query = { ...span, group_by: group };
  const byDay = useApi<readonly LineReply[]>(path, { ...query, by_day: true }, { every });
  const isTooLong = byDay.error?.status === 400;
  const names = useApi<readonly LineReply[]>(
    isTooLong ? path : null,
    { ...query, by_day: false },
    { every },
  );
  const lines = isTooLong ? null : byDay.data;
  const listed = isTooLong ? names.data : byDay.data;
  const rows = useMemo(
    () => (listed === undefined ? undefined : rowsOf(listed, group)),
    [listed, group],
  );
  const whole = useMemo(
    () => (days.data === undefined ? undefined : together(days.data.map(sumsOf))),
    [days.data],
  );
  return {
    whole,
    rows,
    lines,
    days: days.data,
    error: days.error ?? (isTooLong ? names.error : byDay.error),
    reload: () => void Promise.all([days.reload(), byDay.reload(), names.reload()]),
  };
}
