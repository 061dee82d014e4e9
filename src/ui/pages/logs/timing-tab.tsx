import { Card } from "../../parts/card.tsx";
import { bytes, duration } from "../../format.ts";
import type { LogDetailReply } from "../../replies.ts";
import { spansOf } from "./timing.ts";

/** Where the time went. */
export function TimingTab({ call }: { readonly call: LogDetailReply }) {
  const spans = spansOf(call);
  return (
    <Card title={`Duration: ${duration(call.request_duration_ms)}`}>
      <ul className="logs-spans">
        {spans.map(({ id, label, ms, from, share }) => (
          <li key={id}>
            <span>{label}</span>
            <span className="logs-span-track" aria-hidden="true">
              <span
                className={`logs-span logs-span-${id}`}
                style={{ left: `${from * 100}%`, width: `${share * 100}%` }}
              />
            </span>
            <span className="end">{duration(ms)}</span>
          </li>
        ))}
      </ul>
      <p className="muted">
        {bytes(call.bytes_in)} went to the upstream, {bytes(call.bytes_out)} came back to the
        client. The first byte is told to the millisecond.
      </p>
    </Card>
  );
}
