import type { Soon } from "./soon.ts";

/** Decides what becomes of one frame that holds a marker: the same text, another one, or none. */
export type FrameEdit = (frame: string) => Soon<string>;

export interface FrameEditor {
  /** Sees each byte before it goes on, frame by frame where a frame is edited: a copy for whoever counts. */
  readonly watch: (bytes: Uint8Array) => void;
  /** Only frames with one of these texts are looked at. */
  readonly markers: readonly string[];
  readonly edit: FrameEdit;
}

/** What a frame may have of bytes: a longer one goes on as it is. */
const maxFrameBytes = 256 * 1024;

const nothing = new Uint8Array(0);

/**
 * A stream of server-sent events with some of its frames edited; every byte of the others as it came. A chunk that ends
 * within a frame is held back from that frame's beginning on.
 */
export function editFrames(
  source: ReadableStream<Uint8Array<ArrayBuffer>>,
  editor: FrameEditor,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  const reader = source.getReader();
  const frames = new Frames(editor);
  return new ReadableStream({
    type: "bytes",
    pull: async (controller) => {
      for (;;) {
        const { value } = await reader.read();
        const bytes = value === undefined ? await frames.rest() : await frames.push(value);
        const isEmpty = bytes.byteLength === 0; // asked now: what is enqueued changes hands, and has no length then
        if (!isEmpty) controller.enqueue(bytes);
        if (value === undefined) return controller.close();
        if (!isEmpty) return;
      }
    },
    cancel: (cause) => reader.cancel(cause),
  });
}

class Frames {
  readonly #editor: FrameEditor;
  readonly #markers: readonly Buffer[];
  #held: Uint8Array<ArrayBuffer> = nothing;

  constructor(editor: FrameEditor) {
    this.#editor = editor;
    this.#markers = editor.markers.map((marker) => Buffer.from(marker));
  }

  /** What may go on after this chunk. */
  async push(chunk: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
    const seen = this.#held.byteLength;
    const bytes = seen === 0 ? chunk : joined(this.#held, chunk);
    const end = endOfFrames(bytes, seen);
    if (end === bytes.byteLength) this.#held = nothing;
    else if (bytes.byteLength - end > maxFrameBytes) {
      this.#held = nothing;
      return this.#edited(bytes);
    } else this.#held = bytes.slice(end);
    return this.#edited(bytes.subarray(0, end));
  }

  /** A last frame without its blank line. */
  rest(): Promise<Uint8Array<ArrayBuffer>> {
    const rest = this.#held;
    this.#held = nothing;
    return this.#edited(rest);
  }

  async #edited(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
    if (!this.#isMarked(bytes)) {
      this.#editor.watch(bytes);
      return bytes;
    }
    const parts: Uint8Array[] = [];
    for (const frame of framesOf(bytes)) {
      this.#editor.watch(frame);
      if (!this.#isMarked(frame)) parts.push(frame);
      else {
        const text = Buffer.from(frame.buffer, frame.byteOffset, frame.byteLength).toString();
        const isText = Buffer.from(text).equals(frame); // else bytes would change that nobody meant
        const edited = isText ? await this.#editor.edit(text) : text;
        parts.push(edited === text ? frame : Buffer.from(edited));
      }
    }
    return joined(...parts);
  }

  #isMarked(bytes: Uint8Array): boolean {
    const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    return this.#markers.some((marker) => view.includes(marker));
  }
}

function joined(...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.byteLength, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.byteLength;
  }
  return all;
}

const lineFeed = 0x0a;
const carriageReturn = 0x0d;

/** Where the last whole frame ends; none ends in the first `seen` bytes. */
function endOfFrames(bytes: Uint8Array, seen: number): number {
  for (let at = bytes.byteLength; at > Math.max(1, seen); at--) if (endsFrame(bytes, at)) return at;
  return 0;
}

/** A blank line ends before `at` (HTML Living Standard §9.2.6: LF, CRLF or CR). */
function endsFrame(bytes: Uint8Array, at: number): boolean {
  const last = bytes[at - 1];
  const before = bytes[at - 2];
  if (last === carriageReturn) return before === carriageReturn && bytes[at] !== lineFeed;
  if (last !== lineFeed) return false;
  if (before === lineFeed) return true;
  return (
    before === carriageReturn && (bytes[at - 3] === lineFeed || bytes[at - 3] === carriageReturn)
  );
}

function* framesOf(bytes: Uint8Array<ArrayBuffer>): Iterable<Uint8Array<ArrayBuffer>> {
  let start = 0;
  for (let at = 2; at <= bytes.byteLength; at++) {
    if (!endsFrame(bytes, at)) continue;
    yield bytes.subarray(start, at);
    start = at;
  }
  if (start < bytes.byteLength) yield bytes.subarray(start);
}
