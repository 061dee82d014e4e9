import { decodeBody } from "./decode-body.ts";
import { type Frame, framesIn, putFrame, roomForFrame } from "./frame.ts";
import { maskShapes, maskValues } from "./mask-secrets.ts";

/** Frames as they are stored, and whose they are, in their order. */
export interface Sealed {
  readonly bytes: Uint8Array;
  readonly ids: readonly string[];
}

/** Takes codings and secrets off frames: `secrets` are those of the configuration, each call's own come with it. */
export function seal(frames: Buffer, secrets: readonly string[]): Sealed {
  const ids: string[] = [];
  const plain = [...framesIn(frames)].map(decoded);
  const sealed = Buffer.allocUnsafeSlow(plain.reduce((sum, frame) => sum + roomForFrame(frame), 0));
  let end = 0;
  for (const frame of plain) {
    const start = end;
    end = putFrame(sealed, start, { ...frame, secrets: [] });
    maskEnds(sealed.subarray(start, end), frame, secrets);
    ids.push(frame.id);
  }
  return { bytes: sealed.subarray(0, end), ids };
}

function decoded(frame: Frame): Frame {
  return {
    ...frame,
    request: decodeBody(frame.request, frame.maxBytes),
    reply: decodeBody(frame.reply, frame.maxBytes),
  };
}

/** Head and bodies each by themselves: a secret that was cut stands at the end of one. */
function maskEnds(
  stored: Buffer,
  { secrets: own, request, reply }: Frame,
  secrets: readonly string[],
) {
  const replyAt = stored.length - reply.bytes.length;
  const requestAt = replyAt - request.bytes.length;
  const values = new Set([...own, ...secrets]);
  const headAt = requestAt - headBytes(stored);
  for (const part of [
    stored.subarray(headAt, requestAt),
    stored.subarray(requestAt, replyAt),
    stored.subarray(replyAt),
  ]) {
    maskValues(part, values);
    maskShapes(part);
  }
}

function headBytes(stored: Buffer): number {
  return stored.readUInt32LE(8);
}
