import { memo, useState } from "react";
import { count, duration } from "../../format.ts";
import { Button } from "../../parts/button.tsx";
import { type View, Views } from "../../parts/views.tsx";
import { LongText } from "../../bodies/long-text.tsx";
import { oneLine, revealed } from "../../parts/reveal.ts";
import { useStickToEnd } from "./use-stick-to-end.ts";
import type { TestRun } from "./run.ts";
import type { StreamReader, TimedEvent } from "./stream-reader.ts";

export interface StreamBodyProps {
  readonly run: TestRun;
  /** Grows while the run goes on. */
  readonly stream: StreamReader;
}

/** A stream while it flows: the text that it makes, and its events one by one. */
export function StreamBody({ run, stream }: StreamBodyProps) {
  const { events, text } = stream;
  const eventView: View = {
    id: "events",
    label: `Events (${count(events.length)})`,
    content: () => <EventRows events={events} total={events.length} />,
  };
  const textView: View = {
    id: "text",
    label: "Put together",
    content: () =>
      run.isRunning ? (
        <FlowingText text={text} />
      ) : (
        <LongText text={text} label="The stream, put together" />
      ),
  };
  const rest = run.isRunning ? "" : stream.rest();
  return (
    <>
      <Views label="Body of the reply" views={text === "" ? [eventView] : [textView, eventView]} />
      {events.length === 0 && run.isRunning && <p className="muted">No event has come yet…</p>}
      {rest !== "" && <p className="muted break">It ends within an event: {oneLine(rest, 200)}</p>}
    </>
  );
}

/** Of a text that grows so much is shown: its end. */
const mostFlowing = 20_000;

function FlowingText({ text }: { readonly text: string }) {
  const isLong = text.length > mostFlowing;
  const box = useStickToEnd<HTMLPreElement>(text.length);
  return (
    <pre
      ref={box}
      className="test-flow mono"
      tabIndex={0}
      aria-label="The stream, put together so far"
    >
      {isLong ? "… " : ""}
      {revealed(isLong ? text.slice(-mostFlowing) : text)}
    </pre>
  );
}

/** So many rows are in the page at once. */
const windowSize = 200;

interface EventRowsProps {
  readonly events: readonly TimedEvent[];
  /** How many there are by now: the list itself stays the same one. */
  readonly total: number;
}

/** The newest events, or those before them: rows that are there stay as they are. */
function EventRows({ events, total }: EventRowsProps) {
  const [end, setEnd] = useState<number | null>(null);
  const last = end ?? total;
  const first = Math.max(0, last - windowSize);
  const box = useStickToEnd<HTMLOListElement>(last);
  return (
    <div className="stack">
      {total > windowSize && (
        <div className="row">
          <span className="muted">
            {count(first + 1)} to {count(last)} of {count(total)}
          </span>
          <Button disabled={first === 0} onClick={() => setEnd(Math.max(windowSize, first))}>
            Earlier
          </Button>
          <Button disabled={end === null} onClick={() => setEnd(later(last, total))}>
            Later
          </Button>
          <Button disabled={end === null} onClick={() => setEnd(null)}>
            Newest
          </Button>
        </div>
      )}
      <ol ref={box} className="test-events" start={first + 1} tabIndex={0} aria-label="Events">
        {events.slice(first, last).map((event, index) => (
          <EventRow key={first + index} event={event} />
        ))}
      </ol>
    </div>
  );
}

function later(last: number, total: number): number | null {
  return last + windowSize >= total ? null : last + windowSize;
}

/** So much of one event is shown; a click opens the rest. */
const shortEvent = 400;

const EventRow = memo(function EventRow({ event }: { readonly event: TimedEvent }) {
  const { name, data, atMs } = event;
  const isLong = data.length > shortEvent;
  return (
    <li>
      <span className="muted nowrap">{duration(atMs)}</span>{" "}
      {name !== "message" && name !== "line" && <strong>{oneLine(name, 60)} </strong>}
      <span className="mono break">{isLong ? oneLine(data, shortEvent) : revealed(data)}</span>
      {isLong && <WholeEvent data={data} />}
    </li>
  );
});

function WholeEvent({ data }: { readonly data: string }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <details onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>All of it</summary>
      {isOpen && <LongText text={data} label="The event" />}
    </details>
  );
}
