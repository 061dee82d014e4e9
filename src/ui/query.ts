export type QueryValue = string | number | boolean | null | undefined;

/** Parameters of a request. Members that are null, undefined or empty are left out. */
export type Query = Readonly<Record<string, QueryValue | readonly string[]>>;

/** The page that an address asks for, from 1. */
export function pageOf(params: URLSearchParams): number {
  const page = Number(params.get("page"));
  return Number.isInteger(page) && page >= 1 && page <= 1_000_000 ? page : 1;
}
