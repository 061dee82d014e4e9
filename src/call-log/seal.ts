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
  const room = plain.reduce((sum, frame) => sum + roomForFrame(frame), 0);
  const memory = Buffer.allocUnsafeSlow(room);
  let end = 0;
  for (const frame of plain) {
    const start = end;
    end = putFrame(memory, start, { ...frame, secrets: [] });
    maskOwn(memory.subarray(start, end), frame, secrets);
    ids.push(frame.id);
  }
  const bytes = memory.subarray(0, end);
  maskValues(bytes, secrets, false);
  maskShapes(bytes, false);
  return { bytes, ids };
}

function decoded(frame: Frame): Frame {
  return {
    ...frame,
    request: decodeBody(frame.request, frame.maxBytes),
    reply: decodeBody(frame.reply, frame.maxBytes),
  };
}

/** The call's own secrets; and at the end of a body that was cut, what is left of any. */
function maskOwn(stored: Buffer, { secrets, request, reply }: Frame, others: readonly string[]) {
  const own = new Set(secrets);
  maskValues(stored, own, false);
  const replyAt = stored.length - reply.bytes.length;
  const maskCut = (part: Buffer) => {
    maskValues(part, own, true);
    maskValues(part, others, true);
    maskShapes(part, true);
  };
  if (request.isCut) maskCut(stored.subarray(replyAt - request.bytes.length, replyAt));
  if (reply.isCut) maskCut(stored.subarray(replyAt));
}
