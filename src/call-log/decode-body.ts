import {
  brotliDecompressSync,
  constants,
  gunzipSync,
  inflateRawSync,
  inflateSync,
  zstdDecompressSync,
} from "node:zlib";
import type { Coding, FramedBody } from "./frame.ts";

/** What decodes to more is no text but a bomb. */
const mostDecoded = 8 * 1024 * 1024;

/** A body that was cut decodes as far as it goes. */
const decoders: Partial<Record<Coding, (bytes: Uint8Array) => Uint8Array>> = {
  gzip: (bytes) => gunzipSync(bytes, zlibOptions),
  deflate: (bytes) => {
    try {
      return inflateSync(bytes, zlibOptions);
    } catch {
      return inflateRawSync(bytes, zlibOptions); // some send it without the header that the name asks for
    }
  },
  br: (bytes) =>
    brotliDecompressSync(bytes, {
      finishFlush: constants.BROTLI_OPERATION_FLUSH,
      maxOutputLength: mostDecoded,
    }),
  zstd: (bytes) =>
    zstdDecompressSync(bytes, {
      finishFlush: constants.ZSTD_e_flush,
      maxOutputLength: mostDecoded,
    }),
};

const zlibOptions = { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: mostDecoded };

/**
 * A body's bytes with its codings taken off, those that its headers tell of and one that only its bytes do. Null where
 * that cannot be done.
 */
export function decodeBody({ bytes, coding, under = "identity" }: FramedBody): Uint8Array | null {
  if (bytes.length === 0) return bytes;
  const once = undone(bytes, coding);
  const twice = once && undone(once, under);
  return twice && undone(twice, codingIn(twice));
}

function undone(bytes: Uint8Array, coding: Coding): Uint8Array | null {
  if (coding === "identity") return bytes;
  const decode = decoders[coding];
  if (decode === undefined) return null;
  try {
    const plain = decode(bytes);
    return plain.length === 0 ? null : plain;
  } catch {
    return null;
  }
}

/** What the first bytes of a coded body are. */
function codingIn(bytes: Uint8Array): Coding {
  const startsWith = (...magic: number[]) => magic.every((byte, at) => bytes[at] === byte);
  if (bytes[0] === 0x1f && startsWith(0x1f, 0x8b, 8)) return "gzip";
  return bytes[0] === 0x28 && startsWith(0x28, 0xb5, 0x2f, 0xfd) ? "zstd" : "identity";
}
