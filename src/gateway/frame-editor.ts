import { isCoded } from "../core/content-codings.ts";
import type { ReplyMeter } from "../core/metering.ts";
import type { NanoUsd } from "../core/money.ts";
import type { FrameEditor } from "./edit-frames.ts";
import { isEventStream } from "./event-stream.ts";
import { type Soon, whenThere } from "./soon.ts";
import type { ReplyHeaders } from "./reply-headers.ts";
import { usageFrameOf, withCost } from "./usage-frames.ts";

/** What is to become of frames with usage. */
export interface FrameWishes {
  /** The frame that nobody but us asked for is taken out. */
  readonly takesOut: boolean;
  /** The cost so far, to be put into frames with usage; null where it is not. */
  readonly cost: (() => Soon<NanoUsd | null>) | null;
}

const usageMarkers = ['"usage"', '"usageMetadata"'];

/** Null where nothing is wished for, and for streams that are coded: of those no frame can be changed. */
export function frameEditor(
  headers: ReplyHeaders,
  meter: ReplyMeter,
  { takesOut, cost }: FrameWishes,
): FrameEditor | null {
  if (!takesOut && cost === null) return null;
  if (!isEventStream(headers)) return null;
  if (isCoded(headers["content-encoding"])) return null;
  const edit = (frame: string): Soon<string> => {
    const found = usageFrameOf(frame);
    if (found === null) return frame;
    if (takesOut && found.isExtra) return "";
    if (cost === null) return frame;
    return whenThere(cost(), (known) => (known === null ? frame : withCost(frame, found, known)));
  };
  return { watch: (bytes) => meter.chunk(bytes), markers: usageMarkers, edit };
}
