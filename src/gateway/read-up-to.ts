export type ByteStream = ReadableStream<Uint8Array<ArrayBuffer>>;

/** What is needed of a stream's reader. */
export interface ByteReader {
  read(): Promise<{ readonly value?: Uint8Array<ArrayBuffer> | undefined }>;
  cancel(cause: unknown): Promise<void>;
}

/** The start of a stream. */
export interface StreamStart {
  readonly bytes: ArrayBuffer;
  /** Nothing comes after it. */
  readonly isWhole: boolean;
}

/**
 * Reads until more than `most` bytes are there, or all of them; in one buffer, however small the chunks are. `asked`
 * runs before each of them.
 */
export async function readUpTo(
  reader: ByteReader,
  most: number,
  asked: () => void,
): Promise<StreamStart> {
  const sink = new Bun.ArrayBufferSink();
  for (let length = 0; length <= most;) {
    asked();
    const { value } = await reader.read();
    if (value === undefined) return { bytes: bytesOf(sink), isWhole: true };
    sink.write(value);
    length += value.byteLength;
  }
  return { bytes: bytesOf(sink), isWhole: false };
}

function bytesOf(sink: Bun.ArrayBufferSink): ArrayBuffer {
  const bytes = sink.end();
  return bytes instanceof ArrayBuffer ? bytes : bytes.slice().buffer;
}

/** `start`, then what `reader` has left, at the pace of whoever reads it. */
export function resumed(start: ArrayBuffer, reader: ByteReader): ByteStream {
  return new ReadableStream({
    type: "bytes",
    start: (controller) => controller.enqueue(new Uint8Array(start)),
    pull: async (controller) => {
      for (;;) {
        const { value } = await reader.read();
        if (value === undefined) return controller.close();
        if (value.byteLength > 0) return controller.enqueue(value); // a byte stream takes no empty chunk
      }
    },
    cancel: (cause) => reader.cancel(cause),
  });
}
