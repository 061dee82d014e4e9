/** `cancelled`: whoever read it wants no more. `broken`: the source failed. */
export type StreamEnd = "done" | "broken" | "cancelled";

/** Watches a body go by. Must not throw: that would break the stream. */
export interface Tap {
  /** The reader wants more: until the next chunk the source is what holds things up. */
  asked(): void;
  /** Sees each chunk before it goes on; may neither keep nor change it. */
  chunk(bytes: Uint8Array): void;
  /** Runs exactly once. The stream's last byte leaves when a promise that it gives has resolved; it may not reject. */
  end(how: StreamEnd, cause: unknown): void | Promise<void>;
  /** The reader left. True: the source is to be read to its end all the same, by `drained`; then `end` comes later. */
  drains?(): boolean;
  /** A chunk that nobody reads any more. */
  drained?(bytes: Uint8Array): void;
}

export interface TappedStream {
  readonly stream: ReadableStream<Uint8Array>;
  /** Breaks the stream off from outside, also while nobody reads it. */
  fail(cause: unknown): void;
  /** As if the reader had left, where something else knows of it first. */
  leave(cause: unknown): void;
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
  let hasLeft = false;
  let isReading = false;
  const read = () => {
    isReading = true;
    return reader.read().then(pass, fail); // handlers made once: cheaper per event than `async pull`
  };
  const next = () => {
    if (early === null) return read();
    const part = early;
    early = null;
    isReading = true;
    return part.then(pass, fail);
  };
  const close = () => {
    if (!hasLeft) target.close();
  };
  const pass = ({ value }: Part): Promise<void> | undefined => {
    isReading = false;
    if (ended) return;
    if (value === undefined) {
      ended = true;
      const told = tap.end(hasLeft ? "cancelled" : "done", undefined); // before the last byte leaves
      if (told instanceof Promise) return told.then(close);
      close();
    } else if (hasLeft) {
      tap.drained?.(value);
      return read();
    } else if (value.byteLength === 0) {
      return read(); // a byte stream takes no empty chunk
    } else {
      tap.chunk(value);
      if (!ended) target.enqueue(value);
    }
  };
  const fail = (cause: unknown) => {
    if (ended) return;
    ended = true;
    void tap.end(hasLeft ? "cancelled" : "broken", cause);
    if (!hasLeft) target.error(cause);
    reader.cancel(cause).catch(ignore);
  };
  const leave = (cause: unknown): Promise<void> | undefined => {
    if (hasLeft) return;
    hasLeft = true;
    if (ended) return;
    if (tap.drains?.() === true) {
      if (!isReading) void next();
      return;
    }
    ended = true;
    void tap.end("cancelled", cause);
    return reader.cancel(cause).catch(ignore);
  };
  const stream = new ReadableStream<Uint8Array>({
    type: "bytes",
    start: (controller) => {
      target = controller;
    },
    pull: () => {
      tap.asked();
      return next();
    },
    cancel: leave,
  });
  const begin = () => (early = reader.read());
  return { stream, fail, leave, begin };
}

interface Part {
  readonly value?: Uint8Array<ArrayBuffer> | undefined;
}

/** A source that already failed has nothing left to cancel. */
function ignore(): void {}
