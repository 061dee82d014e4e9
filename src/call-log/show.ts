import type { LoggedBodies, LoggedBody } from "../core/body-log.ts";
import { assemble } from "./assemble.ts";
import type { Frame, FramedBody, FrameHead } from "./frame.ts";
import { searchable } from "./searchable.ts";
import { textOf } from "./text-of.ts";

/** A stored call as it is shown. */
export function showFrame({ id, head, request, reply }: Frame): LoggedBodies {
  const { method, url, requestHeaders, requestBytes, status, replyHeaders, replyBytes }: FrameHead =
    JSON.parse(head);
  const shownReply = showBody(reply, replyBytes);
  const type = replyHeaders["content-type"] ?? "";
  return {
    id,
    method,
    url,
    requestHeaders,
    request: showBody(request, requestBytes),
    status,
    replyHeaders,
    reply: { ...shownReply, assembled: assemble(type, reply.bytes, shownReply.text) },
  };
}

function showBody({ bytes, isCut, coding }: FramedBody, passed: number): LoggedBody {
  const text = coding === "identity" ? textOf(bytes, isCut) : null;
  const base64 = text === null ? Buffer.from(bytes).toString("base64") : null;
  return { text, assembled: null, base64, bytes: passed, isCut };
}

/** The words that a stored call is found by: those of its request, and of what its reply says. */
export function wordsOf(frame: Frame): string {
  const head: FrameHead = JSON.parse(frame.head);
  const { request, reply } = frame;
  const asked = request.coding === "identity" ? textOf(request.bytes, request.isCut) : null;
  const text = reply.coding === "identity" ? textOf(reply.bytes, reply.isCut) : null;
  const said = assemble(head.replyHeaders["content-type"] ?? "", reply.bytes, text) ?? text;
  return searchable(`${asked ?? ""}\n${said ?? ""}`);
}
