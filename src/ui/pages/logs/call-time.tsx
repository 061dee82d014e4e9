import { clock, day, dateTime, isoTitle } from "../../format.ts";

/** When a call began, as short as it is clear: of today the time of day alone, of this year no year. The title is the whole of it. */
export function CallTime({ at }: { readonly at: string }) {
  const [date, today] = [day(at), day(Date.now())];
  const [, shortDate = date, year = ""] = /^(.*) (\d{4})$/.exec(date) ?? [];
  return (
    <time dateTime={isoTitle(at)} title={`${dateTime(at)} (${isoTitle(at)})`}>
      {date === today ? "" : `${today.endsWith(year) ? shortDate : date}, `}
      {clock(at)}
    </time>
  );
}
