import { useMemo, useState } from "react";
import { count } from "../../format.ts";
import { DataTable, type Sort } from "../../parts/data-table.tsx";
import { EmptyState } from "../../parts/empty.tsx";
import { Field, TextInput } from "../../parts/field.tsx";
import { Pager } from "../../parts/pager.tsx";
import { sortRows } from "../../parts/sort-rows.ts";
import { routeHref } from "../../hrefs.ts";
import { columns } from "./list-columns.tsx";
import { found, type RouteRow } from "./list-rows.ts";

const pageRows = 100;
const sortable = columns.map((column) => ({ ...column, sortable: column.value !== undefined }));

/** The routes, searched, in order, a page at a time. */
export function RouteTable({ rows }: { readonly rows: readonly RouteRow[] | undefined }) {
  const [text, setText] = useState("");
  const [sort, setSort] = useState<Sort>();
  const [wanted, setPage] = useState(1);
  const shown = useMemo(
    () => (rows === undefined ? undefined : sortRows(found(rows, text), columns, sort ?? null)),
    [rows, text, sort],
  );
  const pages = Math.max(1, Math.ceil((shown?.length ?? 0) / pageRows));
  const page = Math.min(wanted, pages);
  return (
    <div className="stack routes-list">
      <div className="routes-search">
        <Field label="Search">
          <TextInput
            type="search"
            placeholder="Path, target or id"
            value={text}
            onChange={(next) => {
              setText(next);
              setPage(1);
            }}
          />
        </Field>
        <p className="muted" role="status">
          {shown === undefined ? "" : amount(shown.length, rows?.length ?? 0)}
        </p>
      </div>
      <DataTable
        caption="Routes"
        columns={sortable}
        rows={shown?.slice((page - 1) * pageRows, page * pageRows)}
        rowKey={({ id }) => id}
        href={({ id }) => routeHref(id)}
        {...(sort === undefined ? {} : { sort })}
        onSort={(next) => {
          setSort(next);
          setPage(1);
        }}
        empty={
          <EmptyState title="No route is found." text="Search for a part of its path or target." />
        }
      />
      {pages > 1 && <Pager page={page} pages={pages} onPage={setPage} />}
    </div>
  );
}

function amount(shown: number, all: number): string {
  const word = all === 1 ? "route" : "routes";
  return shown === all ? `${count(all)} ${word}` : `${count(shown)} of ${count(all)} ${word}`;
}
