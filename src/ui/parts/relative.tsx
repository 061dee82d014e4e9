import { useSyncExternalStore } from "react";
import { dateTime, isoTitle, type Moment, relativeTime } from "../format.ts";

const stepMs = 5000;
const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | null = null;

/** One clock for all of them, and none while nobody looks. */
function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(() => listeners.forEach((each) => each()), stepMs);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0 || timer === null) return;
    clearInterval(timer);
    timer = null;
  };
}

function now(): number {
  return Math.floor(Date.now() / stepMs) * stepMs;
}

/** How long ago, or how soon; its title is the moment itself. */
export function Relative({ at }: { readonly at: Moment }) {
  const present = useSyncExternalStore(subscribe, now);
  if (at === null || at === undefined) return <span className="muted">never</span>;
  return (
    <time dateTime={isoTitle(at)} title={`${dateTime(at)} (${isoTitle(at)})`}>
      {relativeTime(at, present)}
    </time>
  );
}
