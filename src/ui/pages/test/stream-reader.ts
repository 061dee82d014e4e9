import { eventsOf } from "../../bodies/events.ts";
import { textOf } from "./stream-text.ts";

/** One event, with when it came. */
export interface TimedEvent {
  readonly name: string;
  readonly data: string;
  readonly atMs: number;
}

export type StreamKind = "events" | "lines";

/** What a content type says of a body that comes in pieces which mean something by themselves. */
export function streamKindOf(contentType: string): StreamKind | null {
  const type = (contentType.split(";")[0] ?? "").trim().toLowerCase();
  if (type === "text/event-stream") return "events";
  return /^application\/(?:x-ndjson|ndjson|jsonl|x-jsonlines|json-seq)$/.test(type)
    ? "lines"
    : null;
}

/** Takes a stream apart while it comes. What is read stays: lists only grow. */
export class StreamReader {
  readonly events: TimedEvent[] = [];
  /** The text that the events make together; empty where they are of no known format. */
  text = "";
  readonly #kind: StreamKind;
  #open = "";

  constructor(kind: StreamKind) {
    this.#kind = kind;
  }

  add(piece: string, atMs: number): void {
    const mayEnd = this.#kind === "lines" ? /\n/ : /\n\n|\r\r|\n\r/;
    const seam = this.#open.slice(-2) + piece;
    this.#open += piece;
    if (!mayEnd.test(seam)) return; // a long event is not read anew with each piece of it
    for (const [name, data] of this.#whole()) {
      this.events.push({ name, data, atMs });
      this.text += textOf(data) ?? "";
    }
  }

  /** What stands at the end without its own end. */
  rest(): string {
    return this.#open.trim() === "" ? "" : this.#open;
  }

  #whole(): (readonly [name: string, data: string])[] {
    if (this.#kind === "events") {
      const { events, rest } = eventsOf(this.#open);
      this.#open = rest;
      return events.map(({ name, data }) => [name, data] as const);
    }
    const end = this.#open.lastIndexOf("\n");
    const lines = this.#open.slice(0, end).split("\n");
    this.#open = this.#open.slice(end + 1);
    return lines.filter((line) => line.trim() !== "").map((line) => ["line", line.trim()] as const);
  }
}
