import { decodeBody } from "./decode-body.ts";
import type { FramedBody } from "./frame.ts";
import { textOf } from "./text-of.ts";

/** Data that is no text by nature, or whose parts may be such, or of which nothing is said (RFC 9110 §8.3). */
const binary =
  /^\s*(?:$|(?:image|audio|video|font|multipart)\/|application\/(?:pdf|octet-stream|vnd\.amazon\.eventstream)\b)/i;

export interface PlainBodyOptions {
  readonly maxBytes: number;
  /** The `content-type`; asked for only where it is needed. */
  readonly type: () => string;
  /** Takes secrets out of bytes that are not text in UTF-8, in place. */
  readonly mask: (bytes: Uint8Array) => void;
}

/**
 * A body as it can be searched for secrets, no more than `maxBytes` of it: codings taken off, text in UTF-8. What cannot
 * be read is not kept, unless it is data by its type.
 */
export function plainBody(
  body: FramedBody,
  { maxBytes, type, mask }: PlainBodyOptions,
): FramedBody {
  const decoded = decodeBody(body);
  if (decoded === null) return isText(body) ? { ...body, ...asIs } : unread;
  const plain = decoded === body.bytes ? body : cutTo(decoded, maxBytes, body.isCut);
  if (isText(plain)) return plain;
  mask(plain.bytes);
  const text = wideText(plain.bytes, type());
  if (text !== null) return cutTo(Buffer.from(text), maxBytes, plain.isCut);
  return binary.test(type()) ? plain : unread;
}

const asIs = { coding: "identity", under: "identity" } as const;
const unread: FramedBody = { bytes: new Uint8Array(0), isCut: true, coding: "unread" };

function cutTo(bytes: Uint8Array, maxBytes: number, isCut: boolean): FramedBody {
  const isLong = bytes.length > maxBytes;
  return { bytes: bytes.subarray(0, maxBytes), isCut: isCut || isLong, coding: "identity" };
}

function isText({ bytes, isCut }: FramedBody): boolean {
  return textOf(bytes, isCut) !== null;
}

/** What is text in another character set: UTF-16, said or seen, or what the type names. */
function wideText(bytes: Uint8Array, type: string): string | null {
  const named = /;\s*charset\s*=\s*"?([\w.:-]+)/i.exec(type)?.[1];
  for (const label of [seenIn(bytes), named]) {
    const text = label === undefined || label === null ? null : decodedAs(label, bytes);
    if (text !== null && !text.includes("\0")) return text;
  }
  return null;
}

/** By the mark at its beginning, or since every other of its first bytes is nought. */
function seenIn([a, b, c, d]: Uint8Array): string | null {
  if ((a === 0xff && b === 0xfe) || (a !== 0 && b === 0 && c !== 0 && d === 0)) return "utf-16le";
  if ((a === 0xfe && b === 0xff) || (a === 0 && b !== 0 && c === 0 && d !== 0)) return "utf-16be";
  return null;
}

function decodedAs(label: string, bytes: Uint8Array): string | null {
  try {
    const decoder: TextDecoder = Reflect.construct(TextDecoder, [label, { fatal: true }]); // whatever its name
    return decoder.decode(bytes, { stream: true });
  } catch {
    return null;
  }
}
