import { useMemo, useState } from "react";
import { count } from "../../format.ts";
import { Button } from "../../parts/button.tsx";
import { Card } from "../../parts/card.tsx";
import { type Column, DataTable } from "../../parts/data-table.tsx";
import { EmptyState } from "../../parts/empty.tsx";
import { Field, Select, TextInput } from "../../parts/field.tsx";
import { Pager } from "../../parts/pager.tsx";
import {
  countsByStatus,
  filteredSections,
  keyStatuses,
  pageOfSections,
  type ReportedRow,
  type ReportedSection,
  rowCount,
  type RowFilter,
} from "./report.ts";
import { KeyStatusBadge } from "./status-badge.tsx";
import { useFilter } from "./use-filter.ts";

const pageSize = 100;

/** Every key of the file and what becomes of it, under the block or route it belongs to. */
export function Sections({ sections }: { readonly sections: readonly ReportedSection[] }) {
  const [filter, setFilter] = useFilter();
  const [page, setPage] = useState(1);
  const counts = useMemo(() => countsByStatus(sections), [sections]);
  const fitting = useMemo(() => filteredSections(sections, filter), [sections, filter]);
  const total = rowCount(fitting);
  const pages = Math.max(1, Math.ceil(total / pageSize));
  const at = Math.min(page, pages);
  const shown = useMemo(() => pageOfSections(fitting, at, pageSize), [fitting, at]);
  const change = (next: Partial<RowFilter>) => {
    setPage(1);
    setFilter({ ...filter, ...next });
  };
  const all = rowCount(sections);
  return (
    <Card title="Every key of the file">
      <Filters counts={counts} filter={filter} all={all} total={total} onChange={change} />
      <StatusMeaning status={filter.status} />
      {shown.map(({ title, rows }, index) => (
        <section key={`${index} ${title}`} className="config-section">
          <h3 className="break">{title}</h3>
          <DataTable
            caption={`Keys of ${title}`}
            columns={columns}
            rows={rows}
            rowKey={({ line, key }) => `${line} ${key}`}
          />
        </section>
      ))}
      {total === 0 && (
        <EmptyState title="No key fits." text="Choose another status, or search for less.">
          <Button onClick={() => change({ status: "", text: "" })}>Show all keys</Button>
        </EmptyState>
      )}
      {pages > 1 && <Pager page={at} pages={pages} total={total} onPage={setPage} />}
    </Card>
  );
}

interface FiltersProps {
  /** How many keys have each status. */
  readonly counts: ReadonlyMap<string, number>;
  readonly filter: RowFilter;
  readonly all: number;
  /** Of them fit. */
  readonly total: number;
  readonly onChange: (next: Partial<RowFilter>) => void;
}

function Filters({ counts, filter, all, total, onChange }: FiltersProps) {
  const options = [
    { value: "", label: `Any (${count(all)})` },
    ...keyStatuses.map(([value]) => ({ value, label: `${value} (${counts.get(value) ?? 0})` })),
  ];
  return (
    <div className="config-filters">
      <Field label="Status">
        <Select
          value={filter.status}
          options={options}
          onChange={(status) => onChange({ status })}
        />
      </Field>
      <Field label="Search">
        <TextInput
          type="search"
          placeholder="Key, route or meaning"
          value={filter.text}
          onChange={(text) => onChange({ text })}
        />
      </Field>
      <p className="muted" role="status">
        {total === all ? `${count(all)} keys` : `${count(total)} of ${count(all)} keys`}
      </p>
    </div>
  );
}

function StatusMeaning({ status }: { readonly status: string }) {
  const meaning = keyStatuses.find(([one]) => one === status)?.[1];
  if (meaning === undefined) return null;
  return (
    <p className="muted">
      <KeyStatusBadge status={status} /> {meaning}
    </p>
  );
}

const columns: readonly Column<ReportedRow>[] = [
  {
    id: "line",
    header: "Line",
    align: "end",
    cell: ({ line }) => (line === null ? <span className="muted">left out</span> : count(line)),
  },
  {
    id: "status",
    header: "Status",
    cell: ({ status }) => <KeyStatusBadge status={status} />,
  },
  { id: "key", header: "Key", cell: ({ key }) => <code className="break">{key}</code> },
  {
    id: "meaning",
    header: "What it does",
    cell: ({ meaning }) => <span className="break">{meaning}</span>,
  },
];
