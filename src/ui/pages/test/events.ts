import { bytesOfBase64 } from "../../bodies/hex.ts";
import { isRecord } from "../../is-record.ts";

/** Names and values of headers, in their order. */
export type HeaderList = readonly (readonly [name: string, value: string])[];

/** The request as it left for the upstream, and as it had come; secrets are masked. */
export interface SentEvent {
  readonly type: "sent";
  readonly call_id: string;
  readonly route: string;
  readonly url: string;
  readonly method: string;
  readonly headers: HeaderList;
  readonly client: { readonly method: string; readonly path: string; readonly headers: HeaderList };
  readonly body_changed: boolean;
  /** Its beginning, where it was changed and is no stream. */
  readonly changed_body?: string;
  readonly at_ms: number;
}

export interface HeadEvent {
  readonly type: "head";
  readonly status: number;
  readonly headers: HeaderList;
  /** The body's bytes come without their content coding. */
  readonly decoded: boolean;
  readonly at_ms: number;
}

export interface ChunkEvent {
  readonly type: "chunk";
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly at_ms: number;
}

/** No more of the body is shown; what comes is counted. */
export interface CutEvent {
  readonly type: "cut";
  readonly bytes: number;
  readonly at_ms: number;
}

export interface Timings {
  readonly gateway_ms: number | null;
  readonly upstream_first_byte_ms: number | null;
  readonly first_byte_ms: number | null;
  readonly total_ms: number;
}

/** How it ended, in the words of the call's row. */
export interface EndEvent {
  readonly type: "end";
  readonly call_id: string;
  readonly route: string | null;
  readonly status: number;
  readonly bytes: number;
  readonly timings: Timings;
  readonly cost_usd: number | null;
  readonly unpriced: string | null;
  readonly estimated: boolean;
  readonly model: string | null;
  readonly provider: string | null;
  readonly usage: Readonly<Record<string, number>> | null;
  readonly error: { readonly code: string; readonly message: string } | null;
  readonly at_ms: number;
}

export type TestEvent = SentEvent | HeadEvent | ChunkEvent | CutEvent | EndEvent;

type Line = Readonly<Record<string, unknown>>;

/** Reads the reply of `POST /ui/test` as it comes; lines that are of no known kind are passed over. */
export async function readEvents(
  stream: ReadableStream<Uint8Array>,
  take: (event: TestEvent) => void,
): Promise<void> {
  const decoder = new TextDecoder();
  const reader = stream.getReader();
  let open: string[] = []; // parts of a line that is not whole yet: a chunk's may be long
  for (;;) {
    const { done, value } = await reader.read();
    const text = done ? decoder.decode() : decoder.decode(value, { stream: true });
    const lines = text.split("\n");
    open.push(lines[0] ?? "");
    for (let index = 1; index < lines.length; index++) {
      takeLine(open.join(""), take);
      open = [lines[index] ?? ""];
    }
    if (done) return takeLine(open.join(""), take);
  }
}

function takeLine(line: string, take: (event: TestEvent) => void): void {
  if (line.trim() === "") return;
  const event = eventOf(line);
  if (event !== null) take(event);
}

/** One line; null for what is no event. */
function eventOf(line: string): TestEvent | null {
  const value = parsed(line);
  if (!isRecord(value)) return null;
  switch (value["type"]) {
    case "sent":
      return sentOf(value);
    case "head":
      return {
        type: "head",
        status: number(value, "status"),
        headers: headers(value),
        decoded: value["decoded"] === true,
        at_ms: number(value, "at_ms"),
      };
    case "chunk":
      return {
        type: "chunk",
        bytes: bytesOfBase64(text(value, "base64")) ?? new Uint8Array(),
        at_ms: number(value, "at_ms"),
      };
    case "cut":
      return { type: "cut", bytes: number(value, "bytes"), at_ms: number(value, "at_ms") };
    case "end":
      return endOf(value);
    default:
      return null;
  }
}

function sentOf(value: Line): SentEvent {
  const client = record(value, "client");
  const changed = textOrNull(value, "changed_body");
  return {
    type: "sent",
    call_id: text(value, "call_id"),
    route: text(value, "route"),
    url: text(value, "url"),
    method: text(value, "method"),
    headers: headers(value),
    client: {
      method: text(client, "method"),
      path: text(client, "path"),
      headers: headers(client),
    },
    body_changed: value["body_changed"] === true,
    ...(changed === null ? {} : { changed_body: changed }),
    at_ms: number(value, "at_ms"),
  };
}

function endOf(value: Line): EndEvent {
  const timings = record(value, "timings");
  const error = value["error"];
  return {
    type: "end",
    call_id: text(value, "call_id"),
    route: textOrNull(value, "route"),
    status: number(value, "status"),
    bytes: number(value, "bytes"),
    timings: {
      gateway_ms: numberOrNull(timings, "gateway_ms"),
      upstream_first_byte_ms: numberOrNull(timings, "upstream_first_byte_ms"),
      first_byte_ms: numberOrNull(timings, "first_byte_ms"),
      total_ms: number(timings, "total_ms"),
    },
    cost_usd: numberOrNull(value, "cost_usd"),
    unpriced: textOrNull(value, "unpriced"),
    estimated: value["estimated"] === true,
    model: textOrNull(value, "model"),
    provider: textOrNull(value, "provider"),
    usage: usageOf(value["usage"]),
    error: isRecord(error) ? { code: text(error, "code"), message: text(error, "message") } : null,
    at_ms: number(value, "at_ms"),
  };
}

function usageOf(value: unknown): Readonly<Record<string, number>> | null {
  if (!isRecord(value)) return null;
  const counts = Object.entries(value).flatMap(([unit, count]) =>
    typeof count === "number" ? [[unit, count] as const] : [],
  );
  return Object.fromEntries(counts);
}

function headers(value: Line): HeaderList {
  const list = value["headers"];
  if (!Array.isArray(list)) return [];
  return list.flatMap((pair: unknown) =>
    Array.isArray(pair) ? [[String(pair[0]), String(pair[1])] as const] : [],
  );
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null; // the last line of a reply that broke off
  }
}

function record(value: Line, name: string): Line {
  const member = value[name];
  return isRecord(member) ? member : {};
}

function text(value: Line, name: string): string {
  return textOrNull(value, name) ?? "";
}

function textOrNull(value: Line, name: string): string | null {
  const member = value[name];
  return typeof member === "string" ? member : null;
}

function number(value: Line, name: string): number {
  return numberOrNull(value, name) ?? 0;
}

function numberOrNull(value: Line, name: string): number | null {
  const member = value[name];
  return typeof member === "number" ? member : null;
}
