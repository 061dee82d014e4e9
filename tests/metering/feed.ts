import {
  brotliCompressSync,
  deflateRawSync,
  deflateSync,
  gzipSync,
  zstdCompressSync,
} from "node:zlib";
import type { Metered } from "../../src/core/metering.ts";
import { openMeter } from "../../src/metering/meter.ts";
import { type Shown, watch } from "./watching-fold.ts";

export interface Reading {
  readonly metered: Metered;
  readonly shown: readonly Shown[];
}

export interface Reply {
  readonly contentType: string;
  readonly contentEncoding?: string;
  readonly markers?: readonly string[];
}

/** Meters a reply that comes in these parts. Each part is overwritten once it was shown: a meter may keep none. */
export async function feed(reply: Reply, parts: Iterable<Uint8Array>): Promise<Reading> {
  const { contentType, contentEncoding = "", markers = ["usage"] } = reply;
  const fold = watch(...markers);
  const meter = openMeter(fold, { contentType, contentEncoding });
  for (const part of parts) {
    const chunk = new Uint8Array(part);
    meter.chunk(chunk);
    chunk.fill(0x22);
  }
  return { metered: await meter.end(), shown: fold.shown };
}

/** A body in two parts. */
export function cutAt(body: Uint8Array, at: number): Uint8Array[] {
  return [body.subarray(0, at), body.subarray(at)];
}

/** A body in parts of so many bytes. */
export function* inPartsOf(size: number, body: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < body.length; at += size) yield body.subarray(at, at + size);
}

export const coders: Readonly<Record<string, (body: Uint8Array) => Uint8Array>> = {
  gzip: (body) => gzipSync(body),
  deflate: (body) => deflateSync(body),
  "deflate ": (body) => deflateRawSync(body), // bare, without zlib's frame
  br: (body) => brotliCompressSync(body),
  zstd: (body) => zstdCompressSync(body),
  "gzip, br": (body) => brotliCompressSync(gzipSync(body)),
  "deflate, identity, zstd": (body) => zstdCompressSync(deflateSync(body)),
};
