/** One server-sent event (HTML Living Standard §9.2.6). */
export interface StreamEvent {
  /** `message` unless the stream names it. */
  readonly name: string;
  readonly id: string | null;
  readonly data: string;
}

export interface ReadEvents {
  readonly events: readonly StreamEvent[];
  /** What stands at the end without its blank line: a stream that broke off, or was not kept to its end. */
  readonly rest: string;
}

/** The events of a stream, as a browser would read them; comments and fields that nobody knows are left out. */
export function eventsOf(text: string): ReadEvents {
  const events: StreamEvent[] = [];
  let open = noFields();
  let blockStart = 0;
  let at = text.startsWith("\ufeff") ? 1 : 0;
  while (at < text.length) {
    const end = lineEnd(text, at);
    if (end === text.length) break;
    const next = text[end] === "\r" && text[end + 1] === "\n" ? end + 2 : end + 1;
    if (end > at) take(open, text.slice(at, end));
    else {
      const event = eventOf(open);
      if (event !== null) events.push(event);
      open = noFields();
      blockStart = next;
    }
    at = next;
  }
  return { events, rest: text.slice(blockStart).trim() === "" ? "" : text.slice(blockStart) };
}

interface Fields {
  name: string;
  id: string | null;
  readonly data: string[];
}

function noFields(): Fields {
  return { name: "", id: null, data: [] };
}

function lineEnd(text: string, from: number): number {
  for (let at = from; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 10 || code === 13) return at;
  }
  return text.length;
}

function take(fields: Fields, line: string): void {
  const colon = line.indexOf(":");
  if (colon === 0) return;
  const name = colon < 0 ? line : line.slice(0, colon);
  const value = colon < 0 ? "" : line.slice(line[colon + 1] === " " ? colon + 2 : colon + 1);
  if (name === "data") fields.data.push(value);
  else if (name === "event") fields.name = value;
  else if (name === "id") fields.id = value;
}

function eventOf({ name, id, data }: Fields): StreamEvent | null {
  if (data.length === 0) return null;
  return { name: name === "" ? "message" : name, id, data: data.join("\n") };
}

/** The lines of a stream of JSON, one event each. */
export function jsonLinesOf(text: string): ReadEvents {
  const lines = text.split("\n");
  const rest = lines.pop() ?? "";
  const told = isJson(rest) ? [...lines, rest] : lines;
  const events = told
    .filter((line) => line.trim() !== "")
    .map((data): StreamEvent => ({ name: "line", id: null, data }));
  return { events, rest: isJson(rest) ? "" : rest };
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
