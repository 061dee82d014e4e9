/** The page of a key. */
export function keyHref(id: string): string {
  return `/keys/${encodeURIComponent(id)}`;
}
