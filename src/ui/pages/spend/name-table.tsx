import { useMemo } from "react";
import { count, percent } from "../../format.ts";
import { Card } from "../../parts/card.tsx";
import type { Column } from "../../parts/data-table.tsx";
import { EmptyState } from "../../parts/empty.tsx";
import { Money } from "../../parts/money.tsx";
import { VirtualTable } from "../../parts/virtual-table.tsx";
import { logsHref } from "./names.ts";
import type { Days } from "../../utc-days.ts";
import { type Group, groups, type Measure, measures, type SpendQuery } from "./query.ts";
import { type NameRow, shareOf } from "./series.ts";
import type { Sums } from "../../sums.ts";

export interface NameTableProps {
  readonly rows: readonly NameRow[] | undefined;
  readonly whole: Sums;
  readonly days: Days;
  readonly query: SpendQuery;
}

/** Every name with what its calls came to; leads to them in the logs. */
export function NameTable({ rows, whole, days, query: { group, measure } }: NameTableProps) {
  const word = groups.find(([id]) => id === group)?.[1] ?? "";
  const columns = useMemo(() => columnsOf(group, measure, whole), [group, measure, whole]);
  return (
    <Card title={`By ${word.toLowerCase()}`} flush>
      <VirtualTable
        caption={`What each ${word.toLowerCase()} spent; names lead to its calls`}
        columns={columns}
        rows={rows}
        rowKey={({ name }) => name}
        href={({ name }) => logsHref(group, name, days)}
        empty={
          <EmptyState
            title={`No call of these days names its ${word.toLowerCase()}.`}
            text={group === "tag" ? "Give a key tags, or send them in metadata.tags." : undefined}
          />
        }
      />
    </Card>
  );
}

function columnsOf(group: Group, measure: Measure, whole: Sums): Column<NameRow>[] {
  const header = groups.find(([id]) => id === group)?.[1] ?? "";
  const share = measures.find(([id]) => id === measure)?.[1].toLowerCase() ?? "";
  const number = (id: string, title: string, of: (sums: Sums) => number): Column<NameRow> => ({
    id,
    header: title,
    align: "end",
    value: ({ sums }) => of(sums),
    cell: ({ sums }) => count(of(sums)),
    width: "104px",
  });
  return [
    {
      id: "name",
      header,
      value: ({ label }) => label,
      cell: (row) => <Name row={row} />,
      width: "260px",
    },
    {
      id: "spend",
      header: "Spend",
      align: "end",
      value: ({ sums }) => sums.spend,
      cell: ({ sums }) => <Money usd={sums.spend} why="No call's cost is known" />,
      width: "136px",
    },
    {
      id: "share",
      header: `Share of ${share}`,
      align: "end",
      value: ({ sums }) => shareOf(sums, whole, measure),
      cell: ({ sums }) => {
        const part = shareOf(sums, whole, measure);
        return part === null ? "–" : percent(part);
      },
      width: "136px",
    },
    number("calls", "Calls", ({ calls }) => calls),
    number("failed", "Failed", ({ failed }) => failed),
    number("unpriced", "Unpriced", ({ unpriced }) => unpriced),
    number("tokens_in", "Tokens in", ({ tokensIn }) => tokensIn),
    number("tokens_out", "Tokens out", ({ tokensOut }) => tokensOut),
  ];
}

function Name({ row: { label, detail } }: { readonly row: NameRow }) {
  return (
    <>
      <span className="break">{label}</span>
      {detail !== null && <span className="spend-id mono">{detail}</span>}
    </>
  );
}
