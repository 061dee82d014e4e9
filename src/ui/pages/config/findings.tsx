import { useMemo, useState } from "react";
import { capital, count } from "../../format.ts";
import { Card } from "../../parts/card.tsx";
import { Pager } from "../../parts/pager.tsx";
import { rankedFindings, type ReportReply, shortPlace } from "./report.ts";
import { KeyStatusBadge } from "./status-badge.tsx";

const pageSize = 50;

/** What is wrong, or should be known: the worst first. */
export function Findings({ report }: { readonly report: ReportReply }) {
  const [page, setPage] = useState(1);
  const findings = useMemo(() => rankedFindings(report), [report]);
  const pages = Math.max(1, Math.ceil(findings.length / pageSize));
  const at = Math.min(page, pages);
  return (
    <Card title={`Findings (${count(findings.length)})`}>
      {findings.length === 0 ? (
        <p>No faults and no warnings: everything in the file is understood.</p>
      ) : (
        <ul className="config-findings">
          {findings.slice((at - 1) * pageSize, at * pageSize).map(([rank, finding], index) => (
            <li key={index}>
              <div className="row">
                <KeyStatusBadge status={rank} />
                <code className="break">{shortPlace(finding.place, report.file)}</code>
                {finding.key !== "" && <code className="break muted">{finding.key}</code>}
              </div>
              <p className="break">{sentence(finding.message)}</p>
              {finding.remedy !== "" && <p className="break muted">{finding.remedy}</p>}
            </li>
          ))}
        </ul>
      )}
      {pages > 1 && <Pager page={at} pages={pages} total={findings.length} onPage={setPage} />}
    </Card>
  );
}

function sentence(text: string): string {
  const start = /^[a-z]+ /.test(text) ? capital(text) : text;
  return /[.!?]$/.test(start) ? start : `${start}.`;
}
