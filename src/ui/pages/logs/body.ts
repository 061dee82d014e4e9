import type { LoggedBodyReply } from "../../replies.ts";
import { eventsOf, jsonLinesOf, type ReadEvents } from "../../bodies/events.ts";
import { bytesOfBase64 } from "../../bodies/hex.ts";
import { baseType, type Media, mediaOf } from "../../bodies/media.ts";
import { jsonOf } from "../../bodies/json-body.ts";

/** What a logged body is, and so how it is shown. */
export type BodyForm =
  | { readonly kind: "empty" }
  /** Why is told in brackets. */
  | { readonly kind: "missing"; readonly words: string }
  | { readonly kind: "json"; readonly text: string; readonly value: object }
  | { readonly kind: "events"; readonly text: string; readonly read: ReadEvents }
  | { readonly kind: "media"; readonly media: Media; readonly bytes: Uint8Array<ArrayBuffer> }
  | { readonly kind: "bytes"; readonly bytes: Uint8Array<ArrayBuffer> }
  | { readonly kind: "text"; readonly text: string };

type Logged = Pick<LoggedBodyReply, "body" | "body_base64" | "bytes" | "headers">;

export function formOf({ body, body_base64: base64, bytes, headers }: Logged): BodyForm {
  if (bytes === 0 || (body === "" && !base64)) return { kind: "empty" };
  const type = headers["content-type"] ?? "";
  const media = mediaOf(type);
  if (body === null) {
    const raw = bytesOfBase64(base64 ?? "");
    if (raw === null) return { kind: "missing", words: "It cannot be read." };
    return media === null ? { kind: "bytes", bytes: raw } : { kind: "media", media, bytes: raw };
  }
  if (/^\[not kept: [^\]]*\]$/.test(body)) return { kind: "missing", words: body.slice(1, -1) };
  if (media !== null) return { kind: "media", media, bytes: new TextEncoder().encode(body) };
  return textForm(body, baseType(type));
}

const linesOfJson = /^application\/(?:x-)?(?:ndjson|jsonl|jsonlines|stream\+json)$/;

function textForm(text: string, type: string): BodyForm {
  if (type === "text/event-stream") return { kind: "events", text, read: eventsOf(text) };
  if (linesOfJson.test(type)) return { kind: "events", text, read: jsonLinesOf(text) };
  const value = jsonOf(text);
  return value === undefined ? { kind: "text", text } : { kind: "json", text, value };
}
