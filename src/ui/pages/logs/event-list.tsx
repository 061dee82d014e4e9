import { useState } from "react";
import { JsonView } from "../../parts/json-view.tsx";
import { Pager } from "../../parts/pager.tsx";
import { count } from "../../format.ts";
import { jsonOf, treeOf } from "../../bodies/json-body.ts";
import type { ReadEvents, StreamEvent } from "../../bodies/events.ts";
import { LongText } from "../../bodies/long-text.tsx";
import { Shown } from "../../parts/shown.tsx";

/** So many are on a page: a stream may have tens of thousands. */
const pageSize = 100;

/** A stream's events, one by one; what one holds is taken apart only when it is opened. */
export function EventList({ read }: { readonly read: ReadEvents }) {
  const { events, rest } = read;
  const [page, setPage] = useState(1);
  const pages = Math.max(1, Math.ceil(events.length / pageSize));
  const first = (page - 1) * pageSize;
  return (
    <div className="logs-events">
      {events.length === 0 && <p className="muted">No whole event is in it.</p>}
      <ol start={first + 1} key={page}>
        {events.slice(first, first + pageSize).map((event, index) => (
          <li key={first + index}>
            <EventView event={event} number={first + index + 1} />
          </li>
        ))}
      </ol>
      {rest !== "" && page === pages && (
        <p className="muted">
          It ends within an event: <Shown text={rest} most={200} />
        </p>
      )}
      {pages > 1 && <Pager page={page} pages={pages} total={events.length} onPage={setPage} />}
    </div>
  );
}

function EventView({ event, number }: { readonly event: StreamEvent; readonly number: number }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <details onToggle={(toggle) => setOpen(toggle.currentTarget.open)}>
      <summary>
        <span className="logs-event-number">{count(number)}</span>{" "}
        <strong>
          <Shown text={event.name} most={40} />
        </strong>{" "}
        <span className="mono">
          <Shown text={event.data} most={120} />
        </span>
      </summary>
      {isOpen && <EventData event={event} number={number} />}
    </details>
  );
}

function EventData({ event, number }: { readonly event: StreamEvent; readonly number: number }) {
  const label = `Event ${number}`;
  const value = jsonOf(event.data);
  return (
    <>
      {event.id !== null && (
        <p className="muted">
          id: <Shown text={event.id} />
        </p>
      )}
      {value === undefined ? (
        <LongText text={event.data} label={label} />
      ) : (
        <JsonView value={treeOf(value)} label={label} />
      )}
    </>
  );
}
