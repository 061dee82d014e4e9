import type { LoggedBodies, LoggedBody } from "../core/body-log.ts";
import type { Coding, Frame, FramedBody, FrameHead } from "./frame.ts";
import { searchable } from "./searchable.ts";
import { textOf } from "./text-of.ts";

/** Instead of a body that is not kept. */
const notKept: Partial<Record<Coding, string>> = {
  unread: "[not kept: cannot be read]",
  pieces: "[not kept: holds a secret in pieces]",
};

/** A stored call as it is shown. Nothing secret is in it any more. */
export function showFrame({ id, head, request, reply, said = null }: Frame): LoggedBodies {
  const { method, url, requestHeaders, requestBytes, status, replyHeaders, replyBytes }: FrameHead =
    JSON.parse(head);
  return {
    id,
    method,
    url,
    requestHeaders,
    request: showBody(request, requestBytes),
    status,
    replyHeaders,
    reply: { ...showBody(reply, replyBytes), assembled: said && Buffer.from(said).toString() },
  };
}

function showBody(body: FramedBody, passed: number): LoggedBody {
  const text = notKept[body.coding] ?? storedText(body);
  const base64 = text === null ? Buffer.from(body.bytes).toString("base64") : null;
  return { text, assembled: null, base64, bytes: passed, isCut: body.isCut };
}

function storedText({ bytes, isCut, coding }: FramedBody): string | null {
  return coding === "identity" ? textOf(bytes, isCut) : null;
}

/** The words that a stored call is found by: those of its request, and of what its reply says. */
export function wordsOf({ request, reply, said = null }: Frame): string {
  const answered = said === null ? storedText(reply) : Buffer.from(said).toString();
  return searchable(`${storedText(request) ?? ""}\n${answered ?? ""}`);
}
