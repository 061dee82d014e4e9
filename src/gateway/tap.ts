/** `cancelled`: whoever read it wants no more. `broken`: the source failed. */
export type StreamEnd = "done" | "broken" | "cancelled";

/** Watches a body go by. Must not throw: that would break the stream. */
export interface Tap {
  /** The reader wants more: until the next chunk the source is what holds things up. */
  asked(): void;
  /** Sees each chunk before it goes on; may neither keep nor change it. */
  chunk(bytes: Uint8Array): void;
  /** Runs exactly once. */
  end(how: StreamEnd, cause: unknown): void;
}

export interface TappedStream {
  readonly stream: ReadableStream<Uint8Array>;
  /** Breaks the stream off from outside, also while nobody reads it. */
  fail(cause: unknown): void;
  /** Asks for the first piece ahead of the reader; rejects where the source breaks before it. */
  begin(): Promise<unknown>;
}

/**
 * Passes `source` through unchanged under a tap. Pull-driven, so the reader's pace is the source's pace; `tee()`
 * would buffer all that the slower branch has not read. A byte stream: its chunks change hands without waiting for
 * the collector, which a long upload would otherwise feel.
 */
export function tapStream(source: ReadableStream<Uint8Array<ArrayBuffer>>, tap: Tap): TappedStream {
  const reader = source.getReader();
  let target: ReadableByteStreamController;
  let early: Promise<Part> | null = null;
  let ended = false;
  const end = (how: StreamEnd, cause?: unknown) => {
    if (ended) return false;
    ended = true;
    tap.end(how, cause);
    return true;
  };
  const pass = ({ value }: Part): Promise<void> | undefined => {
    if (ended) return;
    if (value === undefined) {
      end("done"); // before the last byte leaves
      target.close();
      return;
    }
    if (value.byteLength === 0) return reader.read().then(pass, fail); // a byte stream takes no empty chunk
    tap.chunk(value);
    if (!ended) target.enqueue(value);
  };
  const fail = (cause: unknown) => {
    if (!end("broken", cause)) return;
    target.error(cause);
    reader.cancel(cause).catch(ignore);
  };
  const stream = new ReadableStream<Uint8Array>({
    type: "bytes",
    start: (controller) => {
      target = controller;
    },
    pull: () => {
      tap.asked();
      const part = early ?? reader.read();
      early = null;
      return part.then(pass, fail); // handlers made once: cheaper per event than `async pull`
    },
    cancel: (cause) => {
      end("cancelled", cause);
      return reader.cancel(cause);
    },
  });
  const begin = () => (early = reader.read());
  return { stream, fail, begin };
}

interface Part {
  readonly value?: Uint8Array<ArrayBuffer> | undefined;
}

/** A source that already failed has nothing left to cancel. */
function ignore(): void {}
