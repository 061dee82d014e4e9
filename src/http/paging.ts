import { Type } from "@sinclair/typebox";

/** Rows of a page at most. */
export const largestPage = 100;

/** `page` and its size, for queries; pages count from 1. */
export const pageField = Type.Optional(
  Type.Integer({
    minimum: 1,
    maximum: 1_000_000,
    meant: "a whole number from 1 on",
    description: "Pages count from 1.",
  }),
);

export const sizeField = (standard: number, largest = largestPage) =>
  Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: largest,
      meant: `a whole number from 1 to ${largest}`,
      description: `How many a page holds: ${standard} unless said otherwise, ${largest} at most.`,
    }),
  );

export function pagesOf(total: number, size: number): number {
  return Math.ceil(total / size);
}

const dateForm = /^\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?(?:Z|[+-]\d\d:\d\d)?)?$/;

/** A point in time in a query. */
export const dateField = (description: string) =>
  Type.Optional(
    Type.String({
      meant: "a date such as 2026-11-21 or 2026-11-21 13:00:00",
      sound: (value: unknown) => typeof value === "string" && timeOf(value) !== null,
      description: `${description} UTC: 2026-11-21, or 2026-11-21 13:00:00.`,
    }),
  );

/** Epoch milliseconds; UTC where no zone is written. Null for what is no date. */
export function timeOf(text: string): number | null {
  const written = text.replace(/(:\d\d(?:\.\d+)?) (\d\d:\d\d)$/, "$1+$2"); // a plus that nobody encoded
  if (!dateForm.test(written) || !isDay(written.slice(0, 10))) return null;
  const iso = written.replace(" ", "T");
  const time = Date.parse(/T.*(?:Z|[+-]\d\d:\d\d)$|^[^T]*$/.test(iso) ? iso : `${iso}Z`);
  return Number.isNaN(time) ? null : time;
}

/** The runtime takes the 31st of February for the 3rd of March. */
function isDay(text: string): boolean {
  const time = Date.parse(text);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}

/** The end of a span: a day without a time of day is in it as a whole. */
export function endOf(text: string): number | null {
  const time = timeOf(text);
  return time === null || text.length > 10 ? time : time + 86_400_000;
}
