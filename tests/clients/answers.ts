import { reply, type RecordedRequest, type Step } from "../helpers/raw-upstream.ts";

/** A whole JSON reply, compact as an API would send it; text is taken as it is. */
export function json(status: string | number, body: unknown): Step {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  return reply(
    status,
    ["Content-Type: application/json; charset=utf-8"],
    Buffer.from(text).toString("latin1"),
  );
}

/** An event stream with a pause in its middle, so that a client can tell whether it is held back. */
export function events(all: readonly string[], pauseMs = 250): Step[] {
  const half = Math.ceil(all.length / 2);
  const head =
    "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n";
  return [
    { write: head },
    { write: chunk(all.slice(0, half).join("")) },
    { wait: pauseMs },
    { write: chunk(all.slice(half).join("")) },
    { write: "0\r\n\r\n" },
  ];
}

function chunk(text: string): string {
  const bytes = Buffer.from(text).toString("latin1");
  return `${bytes.length.toString(16)}\r\n${bytes}\r\n`;
}

/** The members of a request's JSON body. */
export function membersOf(request: RecordedRequest): Record<string, unknown> {
  const parsed: unknown = JSON.parse(request.body().toString());
  if (typeof parsed !== "object" || parsed === null) throw new Error("the body is no object");
  return { ...parsed };
}
