/** A longer path names no call and no model. */
const longest = 2048;

/** Only such paths are looked at closely. */
const odd = /[%;\\]|\/\/|.\/$/;

/**
 * How an upstream may read a path, whatever a client wrote: percent-decoded once, doubled slashes as one, without a last
 * slash and `;params`. A slash that was encoded stays so (as `%2F`, a percent sign as `%25`) in the first reading, and
 * is one in the second, which is there only then. None at all of a path that is too long. Linear in its length.
 */
export function readingsOf(path: string): readonly string[] {
  if (path.length > longest) return [];
  if (!odd.test(path)) return [path];
  const read = joined(path.replaceAll("\\", "/").split("/").map(segmentOf));
  return read.includes("%2F") ? [read, joined(read.replaceAll("%2F", "/").split("/"))] : [read];
}

/** A segment, or some, without percent signs; as it is where that cannot be. */
export function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function segmentOf(written: string): string {
  const [bare = ""] = written.split(";", 1);
  if (!bare.includes("%")) return bare;
  try {
    return decodeURIComponent(bare).replaceAll("%", "%25").replaceAll("/", "%2F");
  } catch {
    return bare.replaceAll("%2f", "%2F");
  }
}

function joined(segments: readonly string[]): string {
  return `/${segments.filter((segment) => segment !== "").join("/")}`;
}
