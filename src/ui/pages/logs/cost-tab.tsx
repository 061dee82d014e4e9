import { useApi } from "../../api.ts";
import { Badge } from "../../parts/badge.tsx";
import { Card } from "../../parts/card.tsx";
import { type Column, DataTable } from "../../parts/data-table.tsx";
import { ErrorNote } from "../../parts/error-note.tsx";
import { Skeleton } from "../../parts/progress.tsx";
import { count, usdExact } from "../../format.ts";
import type { LogDetailReply } from "../../replies.ts";
import { unitWords } from "../../units.ts";
import { reasonWords } from "../../unpriced.ts";
import {
  addsUp,
  type CostLine,
  type CostReply,
  fraction,
  nanoSum,
  rateText,
} from "./cost-lines.ts";
import { Shown } from "../../parts/shown.tsx";

/** How the cost comes about. */
export function CostTab({ call }: { readonly call: LogDetailReply }) {
  const path = `/spend/logs/ui/${encodeURIComponent(call.request_id)}/cost`;
  const { data, error, reload } = useApi<CostReply>(path);
  if (error !== undefined) {
    return (
      <ErrorNote
        error={error}
        what="The cost could not be worked out."
        retry={() => void reload()}
      />
    );
  }
  return (
    <>
      <Card title="Cost">
        {data === undefined ? <Skeleton lines={3} /> : <Lines cost={data} call={call} />}
      </Card>
      <Card title="What was used">
        <Used call={call} />
      </Card>
    </>
  );
}

const columns: readonly Column<CostLine>[] = [
  { id: "unit", header: "Of what", cell: ({ unit }) => <Shown text={unitWords(unit)} /> },
  { id: "count", header: "How many", align: "end", cell: (line) => count(line.count) },
  { id: "rate", header: "At", align: "end", cell: rateText },
  { id: "usd", header: "Makes", align: "end", cell: ({ usd }) => fraction(usd) },
  { id: "source", header: "Price from", cell: ({ source }) => <Shown text={source} /> },
];

function Lines({ cost, call }: { readonly cost: CostReply; readonly call: LogDetailReply }) {
  const { lines, booked_usd: booked } = cost;
  const sum = nanoSum(lines);
  const { why, remedy } = reasonWords(call.unpriced);
  return (
    <div className="stack">
      <p>
        {cost.note} {booked === null && `${why}. ${remedy}`}
      </p>
      {lines.length > 0 && (
        <DataTable caption="The cost, line by line" columns={columns} rows={lines} rowKey={keyOf} />
      )}
      <dl className="logs-totals">
        {sum !== null && (
          <div>
            <dt>Sum, rounded to the billionth of a dollar</dt>
            <dd>{usdExact(sum / 1e9)}</dd>
          </div>
        )}
        <div>
          <dt>Booked</dt>
          <dd>
            {usdExact(booked)} {addsUp(cost) && <Badge kind="ok">adds up</Badge>}
            {sum !== null && !addsUp(cost) && <Badge kind="warn">not the sum</Badge>}
            {cost.estimated && <Badge kind="info">estimate</Badge>}
          </dd>
        </div>
      </dl>
    </div>
  );
}

function keyOf({ unit }: CostLine): string {
  return unit;
}

function Used({ call }: { readonly call: LogDetailReply }) {
  const units = Object.entries(call.usage ?? {});
  if (units.length === 0) return <p className="muted">Nothing that is known.</p>;
  return (
    <>
      <dl className="logs-totals">
        {units.map(([unit, used]) => (
          <div key={unit}>
            <dt>{unitWords(unit)}</dt>
            <dd>{count(used)}</dd>
          </div>
        ))}
      </dl>
      <p className="muted">
        Counts may hold others: input holds what was cached, output holds reasoning. The lines above
        count each of them once.
      </p>
    </>
  );
}
