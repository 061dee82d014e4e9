import { copyFrame, type Frame, frameAt, lengthAt, putFrame, roomForFrame } from "./frame.ts";
import { maskFrame } from "./mask-frame.ts";
import { maskShapes, maskValues, type Needles, needlesOf } from "./mask-secrets.ts";

/** Frames as they are stored, and whose they are, in their order. */
export interface Sealed {
  readonly bytes: Uint8Array;
  readonly ids: readonly string[];
}

/**
 * Takes codings and secrets off frames: `secrets` are those of the configuration, each call's own come with it. All that
 * is made of a body later is made here, and masked too: who reads need not know what is secret, and nobody has to keep it.
 * What comes back may be the frames' own memory.
 */
export function seal(frames: Buffer, secrets: readonly string[]): Sealed {
  const ids: string[] = [];
  const configured = knownNeedles(secrets);
  const opened = [...openFrames(frames, configured)];
  const isSame = opened.every(({ masked }) => masked.frame === null);
  const room = opened.reduce((sum, frame) => sum + frame.room, 0);
  const memory = isSame ? frames : Buffer.allocUnsafeSlow(room); // each is copied to where it was, or before it
  let end = 0;
  for (const { offset, masked, own } of opened) {
    const start = end;
    if (masked.frame === null) end = copyFrame(frames, offset, memory, start);
    else end = putFrame(memory, start, { ...masked.frame, secrets: [] });
    maskValues(memory.subarray(start, end), own.plain, false);
    ids.push(masked.id);
  }
  const bytes = memory.subarray(0, end);
  maskValues(bytes, configured.plain, false);
  maskShapes(bytes, false);
  return { bytes, ids };
}

interface OpenFrame {
  readonly offset: number;
  /** The most that it takes when it is stored. */
  readonly room: number;
  readonly own: Needles;
  /** Null where it is to be stored as it came. */
  readonly masked: { readonly id: string; readonly frame: Frame | null };
}

function* openFrames(frames: Buffer, configured: Needles): Generator<OpenFrame> {
  for (let offset = 0; offset < frames.length; offset += lengthAt(frames, offset)) {
    const frame = frameAt(frames, offset);
    const own = knownNeedles(frame.secrets);
    const masked = maskFrame(frame, () => both(own, configured));
    const isSame = masked === frame;
    const room = isSame ? lengthAt(frames, offset) : roomForFrame(masked);
    yield { offset, room, own, masked: { id: frame.id, frame: isSame ? null : masked } };
  }
}

function both(one: Needles, other: Needles): Needles {
  return { plain: [...one.plain, ...other.plain], wide: [...one.wide, ...other.wide] };
}

/** Callers come again with the keys that they had; there may be any number of them. */
const known = new Map<string, Needles>();
const maxKnown = 1_000;

function knownNeedles(values: readonly string[]): Needles {
  const name = values.join("\0");
  const before = known.get(name);
  if (before !== undefined) return before;
  const needles = needlesOf(values);
  if (known.size >= maxKnown) known.clear();
  known.set(name, needles);
  return needles;
}
