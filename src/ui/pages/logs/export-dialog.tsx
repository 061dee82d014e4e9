import { useEffect, useRef, useState } from "react";
import { apiUrl } from "../../api.ts";
import { Button } from "../../parts/button.tsx";
import { Dialog } from "../../parts/dialog.tsx";
import { ErrorNote } from "../../parts/error-note.tsx";
import { Field, NumberInput, Select } from "../../parts/field.tsx";
import { count } from "../../format.ts";
import { type ExportFormat, exportWay, type ExportWay, mostInMemory } from "./export-rows.ts";
import type { CallTotal } from "./paged-calls.tsx";
import { filtersOf, type LogQuery } from "./query.ts";
import { canWriteFiles, exportPath, saveFromMemory, saveToFile } from "./save.ts";

export interface ExportDialogProps {
  readonly query: LogQuery;
  readonly now: number;
  /** Of the list; null while it is not known. */
  readonly total: CallTotal | null;
  readonly onClose: () => void;
}

type State =
  | { readonly at: "asking" }
  | { readonly at: "reading"; readonly rows: number }
  | { readonly at: "done"; readonly rows: number }
  | { readonly at: "failed"; readonly error: unknown };

const formats = [
  { value: "jsonl", label: "JSON, one call a line" },
  { value: "csv", label: "CSV, for spreadsheets" },
];

/** The calls of the list as a file. */
export function ExportDialog({ query, now, total, onClose }: ExportDialogProps) {
  const [format, setFormat] = useState<ExportFormat>("jsonl");
  const [limit, setLimit] = useState<number | null>(null);
  const [state, setState] = useState<State>({ at: "asking" });
  const abort = useRef<AbortController | null>(null);
  useEffect(() => () => abort.current?.abort(), []);

  const isLimit = limit === null || (Number.isInteger(limit) && limit >= 1);
  const all = total === null || total.isCapped ? null : total.count;
  const rows = limit === null ? all : Math.min(limit, all ?? limit);
  const way = exportWay(rows, canWriteFiles());
  const asked = { ...filtersOf(query, now), limit };

  const save = async () => {
    const { signal } = (abort.current = new AbortController());
    let came = 0;
    const onRows = (so: number) => setState({ at: "reading", rows: (came = so) });
    const options = { query: asked, format, signal, onRows };
    try {
      if (way === "memory") await saveFromMemory(options);
      else if (!(await saveToFile(options))) return;
      setState({ at: "done", rows: came });
    } catch (error) {
      setState(signal.aborted ? { at: "asking" } : { at: "failed", error });
    }
  };
  const isReading = state.at === "reading";
  const footer = isReading ? (
    <Button onClick={() => abort.current?.abort()}>Cancel</Button>
  ) : (
    <>
      <Button onClick={onClose}>Close</Button>
      {way === "link" && isLimit ? (
        <DownloadLink href={apiUrl(exportPath, { ...asked, format })} />
      ) : (
        <Button kind="primary" disabled={!isLimit} onClick={() => void save()}>
          Export
        </Button>
      )}
    </>
  );
  return (
    <Dialog open onClose={onClose} title="Export calls" footer={footer}>
      <p>{whichCalls(total)}</p>
      <Field label="Format">
        <Select
          value={format}
          disabled={isReading}
          onChange={(value) => setFormat(value === "csv" ? "csv" : "jsonl")}
          options={formats}
        />
      </Field>
      <Field
        label="No more than"
        hint="Calls, the oldest first. Empty: all."
        error={isLimit ? undefined : "A whole number from 1 on is meant."}
      >
        <NumberInput value={limit} disabled={isReading} onChange={setLimit} />
      </Field>
      <p className="muted">{words[way]}</p>
      <Progress state={state} rows={rows} />
    </Dialog>
  );
}

function DownloadLink({ href }: { readonly href: string }) {
  return (
    <a className="button button-primary" href={href} download>
      Download
    </a>
  );
}

const words: Readonly<Record<ExportWay, string>> = {
  file: "You pick a file, and the calls are written into it as they come: their number does not matter.",
  memory: "The calls are gathered here, then saved with your browser's downloads.",
  link: `More than ${count(mostInMemory)} calls, or nobody knows how many: your browser downloads them itself, and shows how far it got.`,
};

function whichCalls(total: CallTotal | null): string {
  if (total === null) return "All calls that the list's filters take, up to now.";
  const number = `${total.isCapped ? "more than " : ""}${count(total.count)}`;
  return `All calls that the list's filters take, up to now: ${number}. Bodies are not among them.`;
}

function Progress({ state, rows }: { readonly state: State; readonly rows: number | null }) {
  if (state.at === "failed") {
    return <ErrorNote error={state.error} what="The export broke off; nothing was saved." />;
  }
  if (state.at === "asking") return null;
  const came = `${count(state.rows)} calls`;
  if (state.at === "done") return <p role="status">Done: {came} saved.</p>;
  if (rows === null) return <p role="status">{came} so far…</p>;
  return (
    <p className="logs-progress">
      <progress value={Math.min(state.rows, rows)} max={Math.max(1, rows)} aria-label="Export" />
      <span>
        {count(state.rows)} of {count(rows)} calls
      </span>
    </p>
  );
}
