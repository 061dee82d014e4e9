import type { ReplyHeaders } from "./reply-headers.ts";

const eventStream = /^text\/event-stream\b/i;

/** The reply is one of server-sent events: its frames may be edited, and no proxy is to hold it back. */
export function isEventStream(headers: ReplyHeaders): boolean {
  return eventStream.test(headers["content-type"] ?? "");
}
