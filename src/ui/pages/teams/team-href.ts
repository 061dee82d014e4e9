/** The page of a team. */
export function teamHref(id: string): string {
  return `/teams/${encodeURIComponent(id)}`;
}
