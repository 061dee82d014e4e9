import { clock, day, dateTime, isoTitle } from "../../format.ts";

/** When a call began, as short as it is clear: of today, the time of day alone. The title is the whole of it. */
export function CallTime({ at }: { readonly at: string }) {
  const date = day(at);
  const isToday = date === day(Date.now());
  return (
    <time dateTime={isoTitle(at)} title={`${dateTime(at)} (${isoTitle(at)})`}>
      {isToday ? clock(at) : `${date}, ${clock(at)}`}
    </time>
  );
}
