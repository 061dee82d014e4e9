import type { Body, Call } from "../core/types.ts";
import { bytesPerToken } from "../core/usage.ts";
import type { BodyReading } from "./body-reading.ts";

/** More than any model gives: a slip of the pen is not to close a key for a minute. */
const mostTokens = 1_000_000;

/** Upper estimates, whole numbers. */
export interface TokenEstimate {
  readonly input: number;
  /** 0 where the request does not say. */
  readonly output: number;
}

/** More no API gives. */
const mostCopies = 128;

/**
 * What a request may use, from above and without a tokenizer: four bytes of its body a token (text in most
 * languages has fewer tokens), and the most that it asks for. Where that cannot be known, `mostTokens` stand for it:
 * JSON that cannot be read or is too long for it, encoded bodies, streams of a length that is not said.
 */
export function tokensOf({ headers }: Call, body: Body, reading: BodyReading): TokenEstimate {
  return {
    input: Math.ceil(sizeOf(body, headers["content-length"]) / bytesPerToken),
    output: Math.ceil(asked(reading)),
  };
}

function asked({ maxTokens, copies }: BodyReading): number {
  return Math.min(maxTokens, mostTokens) * Math.min(copies, mostCopies);
}

function sizeOf(body: Body, declared: string | undefined): number {
  if (body.kind === "none") return 0;
  if (body.kind === "bytes") return body.bytes.byteLength;
  const length = Number(declared ?? Number.NaN);
  return Number.isSafeInteger(length) && length >= 0 ? length : 0;
}
