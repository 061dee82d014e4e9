/**
 * How a reply's messages stand in its bytes. `sniffed`: that has to be told by how it begins. `opaque`: nothing in there
 * is a message.
 */
export type Wire = "json" | "events" | "lines" | "amazon" | "sniffed" | "opaque";

const wires: ReadonlyMap<string, Wire> = new Map([
  ["", "sniffed"], // there are APIs that do not say
  ["text/plain", "sniffed"],
  ["application/octet-stream", "sniffed"],
  ["application/json", "json"],
  ["text/json", "json"],
  ["text/event-stream", "events"],
  ["application/x-ndjson", "lines"],
  ["application/ndjson", "lines"],
  ["application/jsonl", "lines"],
  ["application/x-jsonl", "lines"],
  ["application/jsonlines", "lines"],
  ["application/x-jsonlines", "lines"],
  ["application/stream+json", "lines"],
  ["application/vnd.amazon.eventstream", "amazon"],
]);

/** Of two headers, or an empty one, that were made one. */
const firstType = /([^\s,;]+)/;

/** By the media type of a `content-type`; an empty one says nothing. */
export function wireOf(contentType: string): Wire {
  const known = wires.get(contentType);
  if (known !== undefined) return known;
  const [, first = ""] = firstType.exec(contentType) ?? [];
  const type = first.toLowerCase();
  return wires.get(type) ?? (type.endsWith("+json") ? "json" : "opaque");
}

/** A reply of this type comes message by message: events, lines, AWS's frames. One that is sniffed may, or may not. */
export function isStreamOfMessages(contentType: string): boolean {
  return streams.has(wireOf(contentType));
}

const streams: ReadonlySet<Wire> = new Set(["events", "lines", "amazon"]);
