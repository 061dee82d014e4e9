/** The content codings that are read here (RFC 9110 §8.4.1, RFC 8878). */
export type ContentCoding = "gzip" | "deflate" | "br" | "zstd";

const known: ReadonlyMap<string, ContentCoding> = new Map([
  ["gzip", "gzip"],
  ["x-gzip", "gzip"],
  ["deflate", "deflate"],
  ["br", "br"],
  ["zstd", "zstd"],
]);

/** Nobody honest codes more often. */
const mostCodings = 2;

/**
 * The codings of a `content-encoding`, in the order in which they were put on; `unknown` stands for one that is not
 * read here. Null where there are too many.
 */
export function contentCodings(header: string): readonly (ContentCoding | "unknown")[] | null {
  const found: (ContentCoding | "unknown")[] = [];
  for (const part of header.split(",")) {
    const name = part.trim().toLowerCase();
    if (name === "" || name === "identity") continue;
    if (found.length === mostCodings) return null;
    found.push(known.get(name) ?? "unknown");
  }
  return found;
}

/** Whether a `content-encoding` says that a body is coded in any way. */
export function isCoded(header: string | undefined): boolean {
  return !/^(?:identity)?$/i.test(header ?? "");
}
