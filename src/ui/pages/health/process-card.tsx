import { useApi } from "../../api.ts";
import { count } from "../../format.ts";
import { Card } from "../../parts/card.tsx";
import { ErrorNote } from "../../parts/error-note.tsx";
import { Skeleton } from "../../parts/progress.tsx";
import { Stat, StatRow } from "../../parts/stat.tsx";
import { every } from "./every.ts";
import type { BacklogReply } from "./replies.ts";

/** What the running process has under way, and what it has lost since its start. */
export function ProcessCard() {
  const { data, error, reload } = useApi<BacklogReply>("/health/backlog", {}, every);
  if (error !== undefined) {
    return (
      <ErrorNote error={error} what="The process did not answer." retry={() => void reload()} />
    );
  }
  return (
    <Card title="This process">
      {data === undefined ? (
        <Skeleton lines={3} />
      ) : (
        <>
          <StatRow>
            <Stat label="Calls under way" value={count(data.in_flight_requests)} />
            <Loss label="Errors not handled" value={data.uncaught_errors} isBad />
            <Loss label="Ledger records lost" value={data.dropped_ledger_rows} isBad />
            <Loss label="Logged bodies lost" value={data.dropped_logged_bodies} />
            <Loss label="Log lines lost" value={data.dropped_log_lines} />
          </StatRow>
          <p className="muted">
            Since the start of the process. All but the calls under way should be 0; what is not is
            told at the top, with what to do.
          </p>
        </>
      )}
    </Card>
  );
}

interface LossProps {
  readonly label: string;
  readonly value: number;
  readonly isBad?: boolean;
}

function Loss({ label, value, isBad = false }: LossProps) {
  const kind = value === 0 ? "ok" : isBad ? "bad" : "warn";
  return (
    <Stat
      label={label}
      value={count(value)}
      kind={kind}
      hint={value === 0 ? "as it should be" : "should be 0"}
    />
  );
}
