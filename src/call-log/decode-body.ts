import {
  brotliDecompressSync,
  constants,
  gunzipSync,
  inflateRawSync,
  inflateSync,
  zstdDecompressSync,
} from "node:zlib";
import type { FramedBody } from "./frame.ts";

/** What decodes to more is no text but a bomb, and stays as it is. */
const mostDecoded = 8 * 1024 * 1024;

/** A body that was cut decodes as far as it goes. */
const decoders = {
  gzip: (bytes: Uint8Array) => gunzipSync(bytes, zlibOptions),
  deflate: (bytes: Uint8Array) => {
    try {
      return inflateSync(bytes, zlibOptions);
    } catch {
      return inflateRawSync(bytes, zlibOptions); // some send it without the header that the name asks for
    }
  },
  br: (bytes: Uint8Array) =>
    brotliDecompressSync(bytes, {
      finishFlush: constants.BROTLI_OPERATION_FLUSH,
      maxOutputLength: mostDecoded,
    }),
  zstd: (bytes: Uint8Array) =>
    zstdDecompressSync(bytes, {
      finishFlush: constants.ZSTD_e_flush,
      maxOutputLength: mostDecoded,
    }),
} as const;

const zlibOptions = { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: mostDecoded };

/** The body with its coding taken off, no more than `maxBytes` of it; as it is where that cannot be done. */
export function decodeBody(body: FramedBody, maxBytes: number): FramedBody {
  const { coding, bytes, isCut } = body;
  if (coding === "identity" || coding === "unknown" || bytes.length === 0) return body;
  try {
    const plain = decoders[coding](bytes);
    if (plain.length === 0) return body;
    const isLong = plain.length > maxBytes;
    return { bytes: plain.subarray(0, maxBytes), isCut: isCut || isLong, coding: "identity" };
  } catch {
    return body;
  }
}
