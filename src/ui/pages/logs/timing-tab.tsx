import { Card } from "../../parts/card.tsx";
import { bytes, duration } from "../../format.ts";
import { TimeBars } from "../../parts/time-bars.tsx";
import type { LogDetailReply } from "../../replies.ts";
import { spansOf } from "./timing.ts";

/** Where the time went. */
export function TimingTab({ call }: { readonly call: LogDetailReply }) {
  return (
    <Card title={`Duration: ${duration(call.request_duration_ms)}`}>
      <TimeBars spans={spansOf(call)} />
      <p className="muted">
        {bytes(call.bytes_in)} went to the upstream, {bytes(call.bytes_out)} came back to the
        client.
      </p>
    </Card>
  );
}
