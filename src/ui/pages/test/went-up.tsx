import { useMemo } from "react";
import { bytes as bytesText } from "../../format.ts";
import { DiffTable } from "./diff-table.tsx";
import { headerRows, type HeaderRow, textRows } from "./diff-lines.ts";
import type { SentEvent } from "./events.ts";
import type { TestRun } from "./run.ts";

/** What the client sent beside what the upstream got. */
export function WentUp({ run }: { readonly run: TestRun }) {
  const sent = run.sent.at(-1);
  if (sent === undefined) {
    return (
      <p className="muted">
        {run.isRunning
          ? "Nothing has gone up yet."
          : "Nothing went up: the gateway answered by itself."}
      </p>
    );
  }
  return (
    <>
      {run.sent.length > 1 && (
        <p>
          It went up {run.sent.length} times: this is the last. The gateway tried again by itself.
        </p>
      )}
      <Heads sent={sent} />
      <Bodies sent={sent} typed={run.typedBody} />
      <p className="muted">Secrets are masked on both sides.</p>
    </>
  );
}

function Heads({ sent }: { readonly sent: SentEvent }) {
  const rows = useMemo(() => rowsOf(sent), [sent]);
  return <DiffTable caption="Request line and headers" rows={rows} />;
}

function rowsOf({ client, method, url, headers }: SentEvent): HeaderRow[] {
  const same = client.method === method ? "same" : "changed";
  return [
    { name: "Method", change: same, before: client.method, after: method },
    { name: "URL", change: "changed", before: client.path, after: url },
    ...headerRows(client.headers.filter(isOfClient), headers),
  ];
}

/** The tester's own mark is no part of what a client would send. */
function isOfClient([name, value]: SentEvent["headers"][number]): boolean {
  return name.toLowerCase() !== "x-litellm-tags" || value !== "tollgate-test";
}

interface BodiesProps {
  readonly sent: SentEvent;
  /** Null where it is no text. */
  readonly typed: string | null;
}

/** The gateway shows so much of a changed body. */
const longestShown = 64 * 1024;

function Bodies({ sent, typed }: BodiesProps) {
  const changed = sent.changed_body;
  const rows = useMemo(
    () =>
      changed === undefined || typed === null
        ? null
        : textRows(typed.slice(0, longestShown), changed),
    [changed, typed],
  );
  return (
    <section>
      <h3>Body</h3>
      {!sent.body_changed ? (
        <p>
          <span aria-hidden="true">= </span>
          Same bytes: the body went up as it came.
        </p>
      ) : rows === null ? (
        <p>
          <span aria-hidden="true">≠ </span>
          Changed by the gateway; what it was made into cannot be shown here.
        </p>
      ) : (
        <>
          <DiffTable caption="Body, line by line" rows={rows} />
          {(typed ?? "").length > longestShown && (
            <p className="muted">The first {bytesText(longestShown)} of each are compared.</p>
          )}
        </>
      )}
    </section>
  );
}
