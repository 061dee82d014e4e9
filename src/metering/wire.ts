/** How a reply's messages stand in its bytes. `opaque`: nothing in there is a message. */
export type Wire = "json" | "events" | "lines" | "amazon" | "opaque";

const wires: ReadonlyMap<string, Wire> = new Map([
  ["", "json"], // there are APIs that do not say
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

/** By the media type of a `content-type`; an empty one counts as JSON. */
export function wireOf(contentType: string): Wire {
  const known = wires.get(contentType);
  if (known !== undefined) return known;
  const [first = ""] = contentType.split(";", 1);
  const type = first.trim().toLowerCase();
  return wires.get(type) ?? (type.endsWith("+json") ? "json" : "opaque");
}
