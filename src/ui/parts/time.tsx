import { dateTime, isoTitle, type Moment } from "../format.ts";

/** A moment in local time; its title is UTC. */
export function Time({ at }: { readonly at: Moment }) {
  if (at === null || at === undefined) return <span className="muted">never</span>;
  return (
    <time dateTime={isoTitle(at)} title={isoTitle(at)}>
      {dateTime(at)}
    </time>
  );
}
