import { type ApiState, useApi } from "../../api.ts";
import type { LogsReply } from "../../replies.ts";
import { every } from "./every.ts";

/** The latest calls that failed. */
export function useFailures(): ApiState<LogsReply> {
  return useApi<LogsReply>("/spend/logs/v2", { status_filter: "failure", page_size: 100 }, every);
}
