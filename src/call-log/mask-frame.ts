import { assemble } from "./assemble.ts";
import type { Frame, FramedBody, FrameHead } from "./frame.ts";
import { maskShapes, maskValues, maskWide, type Needles } from "./mask-secrets.ts";
import { plainBody, type PlainBodyOptions } from "./plain-body.ts";
import { streamMessages } from "./stream-messages.ts";
import { textOf } from "./text-of.ts";
import { unescaped, unescapedUrl } from "./unescaped.ts";

/**
 * Takes out of a frame the secrets that would come to light when it is read: behind codings, character sets, escapes, and
 * in the pieces of a stream. Those that stand in it as they are may be there still. The same frame where it hides none.
 */
export function maskFrame(frame: Frame, secrets: () => Needles): Frame {
  const head = maskHead(frame.head, secrets);
  const request = maskBody(frame.request, secrets, {
    maxBytes: frame.maxBytes,
    type: () => parsedHead(frame.head).requestHeaders["content-type"] ?? "",
  });
  const replyType = () => parsedHead(frame.head).replyHeaders["content-type"] ?? "";
  const reply = maskBody(frame.reply, secrets, { maxBytes: frame.maxBytes, type: replyType });
  if (mayStream(frame.head, reply)) {
    return { ...frame, head, request, ...maskStream(reply, replyType(), secrets()) };
  }
  const isSame = head === frame.head && request === frame.request && reply === frame.reply;
  return isSame ? frame : { ...frame, head, request, reply };
}

function parsedHead(text: string): FrameHead {
  return JSON.parse(text);
}

function maskHead(head: string, secrets: () => Needles): string {
  const plain = head.includes("%") ? unescapedUrl(head) : head;
  if (plain === head) return head;
  const bytes = Buffer.from(plain);
  return maskAll(bytes, secrets(), false) ? bytes.toString() : head;
}

type BodyFacts = Pick<PlainBodyOptions, "maxBytes" | "type">;

/** What codings and JSON's escapes hide; and at the end of a body that was cut, what is left of a secret. */
function maskBody(body: FramedBody, secrets: () => Needles, facts: BodyFacts): FramedBody {
  const mask = (bytes: Uint8Array) => {
    maskAll(bufferOf(bytes), secrets(), false);
    maskWide(bufferOf(bytes), secrets().wide);
  };
  const plain = plainBody(body, { ...facts, mask });
  const bytes = bufferOf(plain.bytes);
  if (plain.isCut) maskAll(bytes, secrets(), true);
  const hidden = unescaped(bytes) === null ? null : maskDeep(bytes, secrets(), plain.isCut);
  return hidden === null ? plain : { ...plain, bytes: hidden };
}

/** The text with its escapes undone and masked, where they hid something; else null. */
function maskDeep(bytes: Buffer, all: Needles, isCut: boolean): Buffer | null {
  maskAll(bytes, all, isCut);
  const text = unescaped(bytes);
  if (text === null) return null;
  const plain = Buffer.from(text);
  return maskAll(plain, all, isCut) ? plain : null;
}

/** Whether it is worth while to look for a stream of events: JSON, which most replies are, is none. */
function mayStream(head: string, { bytes }: FramedBody): boolean {
  const first = bytes[0];
  if (first === undefined) return false;
  return firstOfStreams.has(first) || streamTypes.some((type) => head.includes(type));
}

/** Fields of events, arrays, and lengths of an AWS event stream. */
const firstOfStreams = new Set(Buffer.from("dei[ \t\r\n\0"));
const streamTypes = ["stream", "ndjson", "jsonl"] as const;

/** A stream, and what it says. One that holds a secret in pieces is not kept itself. */
function maskStream(reply: FramedBody, type: string, all: Needles): Pick<Frame, "reply" | "said"> {
  const bytes = bufferOf(reply.bytes);
  maskAll(bytes, all, reply.isCut);
  const text = textOf(bytes, reply.isCut);
  const assembled = assemble(type, bytes, text);
  if (assembled === null) return { reply, said: null };
  const plain = Buffer.from(assembled);
  const isFound = maskAll(plain, all, reply.isCut);
  const deep = maskDeep(plain, all, reply.isCut);
  const isInPieces = isFound || deep !== null || (text === null && holdsAny(type, bytes, all));
  return {
    reply: isInPieces ? { bytes: new Uint8Array(0), isCut: true, coding: "pieces" } : reply,
    said: deep ?? plain,
  };
}

/** Whether messages that are no text as they stand hold a secret. */
function holdsAny(type: string, bytes: Buffer, all: Needles): boolean {
  const messages = Buffer.from(JSON.stringify(streamMessages(type, bytes, null)));
  return maskAll(messages, all, false);
}

function maskAll(bytes: Buffer, { plain }: Needles, isCut: boolean): boolean {
  const hasValue = maskValues(bytes, plain, isCut);
  return maskShapes(bytes, isCut) || hasValue;
}

function bufferOf(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
}
