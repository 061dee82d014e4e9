import { useEffect, useRef } from "react";
import { bytes as bytesText, duration } from "../../format.ts";
import { Card } from "../../parts/card.tsx";
import { ErrorNote } from "../../parts/error-note.tsx";
import { Tabs } from "../../parts/tabs.tsx";
import { HeaderTable } from "./header-table.tsx";
import { remedyOf, upstreamHint } from "./remedies.ts";
import { ReplyBody } from "./reply-body.tsx";
import { ResultFacts } from "./result-facts.tsx";
import type { TestRun } from "./run.ts";
import { TimingBars } from "./timing-bars.tsx";
import { useRun } from "./use-run.ts";
import { WentUp } from "./went-up.tsx";

/** What comes of the call, as it comes. */
export function ResultCard({ run }: { readonly run: TestRun }) {
  useRun(run);
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const top = box.current?.getBoundingClientRect().top ?? 0;
    if (run.isRunning && top > innerHeight * 0.6) box.current?.scrollIntoView({ block: "start" });
  }, [run]);
  return (
    <div ref={box} className="test-result">
      <Card title="Result">
        <p role="status" className="test-status">
          {statusOf(run)}
        </p>
        {run.error !== null && <ErrorNote error={run.error} what="The call came to no end." />}
        <ResultFacts run={run} />
        <Trouble run={run} />
        {run.end !== null && <TimingBars timings={run.end.timings} />}
        <Tabs
          label="The reply and what went up"
          param="reply"
          tabs={[
            { id: "body", label: "Body", content: () => <ReplyBody run={run} /> },
            { id: "headers", label: "Headers", content: () => <HeaderTable head={run.head} /> },
            { id: "sent", label: "What went up", content: () => <WentUp run={run} /> },
          ]}
        />
      </Card>
    </div>
  );
}

/** One sentence, read out when it changes; what flows is not told here, or it would never be silent. */
function statusOf(run: TestRun): string {
  const { end, head, sent, bytes } = run;
  if (run.isStopped && !run.isRunning) return `Stopped after ${duration(run.elapsedMs)}.`;
  if (run.error !== null) return `Broken off after ${duration(run.elapsedMs)}.`;
  if (end !== null) {
    const size = Math.max(end.bytes, bytes); // what the gateway answers by itself is not the upstream's
    const came = size === 0 ? "no body" : bytesText(size);
    return `Done in ${duration(end.timings.total_ms)}: status ${end.status}, ${came}.`;
  }
  if (head !== null) return `Status ${head.status}: the reply is coming in.`;
  return sent.length > 0
    ? "Sent: the upstream has not answered yet."
    : "On its way to the gateway.";
}

/** A refusal is a result too: whose it is, and what to do. */
function Trouble({ run: { end, head } }: { readonly run: TestRun }) {
  if (end?.error) {
    const { code, message } = end.error;
    return (
      <div className="note note-bad">
        <p className="note-title">
          The gateway says <code>{code}</code>
        </p>
        <p>{message}</p>
        <p className="muted">{remedyOf(code)}</p>
      </div>
    );
  }
  const hint = head === null ? null : upstreamHint(head.status);
  if (hint === null || end === null) return null;
  return (
    <div className="note note-warn">
      <p className="note-title">The upstream answered with {end.status}</p>
      <p>{hint}</p>
    </div>
  );
}
