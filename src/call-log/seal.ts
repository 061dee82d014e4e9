import { decodeBody } from "./decode-body.ts";
import { type Frame, framesIn, headAt, putFrame, roomForFrame } from "./frame.ts";
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
function maskEnds(stored: Buffer, frame: Frame, secrets: readonly string[]): void {
  const replyAt = stored.length - frame.reply.bytes.length;
  const requestAt = replyAt - frame.request.bytes.length;
  const values = new Set([...frame.secrets, ...secrets]);
  const mask = (part: Buffer, isCut: boolean) => {
    maskValues(part, values, isCut);
    maskShapes(part, isCut);
  };
  mask(stored.subarray(headAt(stored), requestAt), false);
  mask(stored.subarray(requestAt, replyAt), frame.request.isCut);
  mask(stored.subarray(replyAt), frame.reply.isCut);
}
