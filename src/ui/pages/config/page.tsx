import { useState } from "react";
import { Link } from "wouter";
import { useApi } from "../../api.ts";
import { count } from "../../format.ts";
import { Button } from "../../parts/button.tsx";
import { ErrorNote } from "../../parts/error-note.tsx";
import { PageHeader } from "../../parts/page-header.tsx";
import { Skeleton } from "../../parts/progress.tsx";
import { Stat, StatRow } from "../../parts/stat.tsx";
import { Findings } from "./findings.tsx";
import { ReloadDialog } from "./reload-dialog.tsx";
import { rankedFindings, type ReportReply, rowCount } from "./report.ts";
import { RotateDialog } from "./rotate-dialog.tsx";
import { Sections } from "./sections.tsx";
import { OffEndpoints, Served } from "./served.tsx";
import "./config.css";

/** Config: what the file means, what is wrong with it, and how to put it in force. */
export function ConfigPage() {
  const { data, error, reload } = useApi<ReportReply>("/config/report");
  const [dialog, setDialog] = useState<"reload" | "rotate" | null>(null);
  const close = () => {
    setDialog(null);
    if (dialog === "reload") void reload(); // it may have shown what this page does not yet
  };
  return (
    <>
      <PageHeader
        title="Config"
        description="The file as it is now: what is honoured, what differs, what is ignored. The gateway reads it again by itself when it changes, and files of credentials only on a reload."
        actions={
          <>
            <Button onClick={() => void reload()}>Refresh</Button>
            <Button onClick={() => setDialog("rotate")}>Rotate the salt key…</Button>
            <Button kind="primary" onClick={() => setDialog("reload")}>
              Reload…
            </Button>
          </>
        }
      />
      {error !== undefined && (
        <ErrorNote error={error} what="The report could not be read." retry={() => void reload()} />
      )}
      {data !== undefined && <Report report={data} />}
      {data === undefined && error === undefined && <Skeleton lines={10} />}
      {dialog === "reload" && <ReloadDialog file={data?.file ?? "the file"} onClose={close} />}
      {dialog === "rotate" && <RotateDialog onClose={close} />}
    </>
  );
}

function Report({ report }: { readonly report: ReportReply }) {
  const ranks = rankedFindings(report).map(([rank]) => rank);
  const [faults, unsafe, warnings] = (["fault", "unsafe", "warning"] as const).map(
    (rank) => ranks.filter((one) => one === rank).length,
  );
  return (
    <>
      <p className="break">
        File: <code>{report.file}</code> · <Link href="/audit">What was changed, and by whom</Link>
      </p>
      {(faults ?? 0) > 0 && (
        <div className="note note-bad" role="alert">
          <p className="note-title">The file cannot be used as it is.</p>
          <p>
            The gateway goes on with the last configuration that was sound. Mend what is listed
            below: it is read again within a second.
          </p>
        </div>
      )}
      <StatRow>
        <Stat label="Faults" value={count(faults)} {...(faults ? { kind: "bad" } : {})} />
        <Stat label="Unsafe" value={count(unsafe)} {...(unsafe ? { kind: "bad" } : {})} />
        <Stat label="Warnings" value={count(warnings)} {...(warnings ? { kind: "warn" } : {})} />
        <Stat label="Keys in the report" value={count(rowCount(report.sections))} />
        <Stat label="Routes" value={count(report.routes.length)} />
        <Stat label="Off" value={count(report.off.length)} />
      </StatRow>
      <Findings report={report} />
      {report.sections.length > 0 && <Sections sections={report.sections} />}
      <Served routes={report.routes} file={report.file} hasFaults={(faults ?? 0) > 0} />
      <OffEndpoints off={report.off} />
    </>
  );
}
