import {
  type BrotliOptions,
  brotliDecompressSync,
  constants,
  createBrotliDecompress,
  createGunzip,
  createInflate,
  createInflateRaw,
  createZstdDecompress,
  gunzipSync,
  inflateRawSync,
  inflateSync,
  type ZlibOptions,
  type ZstdOptions,
  zstdDecompressSync,
} from "node:zlib";
import type { Transform } from "node:stream";
import { type ContentCoding, contentCodings } from "../core/content-codings.ts";

/**
 * The codings of a `content-encoding`, in the order in which they are undone. Null where one is unknown, or where there
 * are too many.
 */
export function codingsOf(contentEncoding: string): readonly ContentCoding[] | null {
  const found: ContentCoding[] = [];
  for (const coding of contentCodings(contentEncoding) ?? ["unknown"]) {
    if (coding === "unknown") return null;
    found.unshift(coding);
  }
  return found;
}

/** So much is decoded at a time. */
const chunkSize = 32 * 1024;
const zlib = {
  chunkSize,
  flush: constants.Z_SYNC_FLUSH,
  finishFlush: constants.Z_SYNC_FLUSH,
} satisfies ZlibOptions;
const brotli = {
  chunkSize,
  flush: constants.BROTLI_OPERATION_FLUSH,
  finishFlush: constants.BROTLI_OPERATION_FLUSH,
} satisfies BrotliOptions;
const zstd = {
  chunkSize,
  flush: constants.ZSTD_e_flush,
  finishFlush: constants.ZSTD_e_flush,
} satisfies ZstdOptions;

/** A decoder that gives out what it can as soon as it can, and takes an end in the middle as an end. */
export function openCoding(coding: ContentCoding, firstByte: number): Transform {
  switch (coding) {
    case "gzip":
      return createGunzip(zlib);
    case "deflate":
      return isZlib(firstByte) ? createInflate(zlib) : createInflateRaw(zlib);
    case "br":
      return createBrotliDecompress(brotli);
    case "zstd":
      return createZstdDecompress(zstd);
  }
}

/** A short body at once. Throws where it is broken, or decodes to more than `maxOutputLength`. */
export function undo(
  coding: ContentCoding,
  bytes: Uint8Array,
  maxOutputLength: number,
): Uint8Array {
  const options = { maxOutputLength, chunkSize: Math.min(64 * 1024, 4096 + 4 * bytes.length) };
  switch (coding) {
    case "gzip":
      return gunzipSync(bytes, options);
    case "deflate":
      return isZlib(bytes[0] ?? 0) ? inflateSync(bytes, options) : inflateRawSync(bytes, options);
    case "br":
      return brotliDecompressSync(bytes, options);
    case "zstd":
      return zstdDecompressSync(bytes, options);
  }
}

/** `deflate` means the zlib format (RFC 9110 §8.4.1.2), but some send it bare. */
function isZlib(firstByte: number): boolean {
  return (firstByte & 0x0f) === 8;
}
