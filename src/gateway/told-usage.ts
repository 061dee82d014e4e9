import type { Metered } from "../core/metering.ts";
import { bytesPerToken, type Usage } from "../core/usage.ts";

/** What a reply used, as it said or as it looks. */
export interface Told {
  readonly usage: Usage;
  readonly isEstimate: boolean;
}

export function toldBy(usage: Usage | null): Told | null {
  return usage === null ? null : { usage, isEstimate: false };
}

/** A reply of tokens that broke off before it told all, or never tells. */
export interface Untold {
  /** What it told until then. */
  readonly usage: Usage | null;
  readonly metered: Metered | null;
  readonly isStream: boolean;
  /** Of the request. */
  readonly bytesIn: number;
}

/** Tokens that are booked at most for the bytes of a broken document: they may be a picture's. */
const mostUntold = 4_096;

/** What it told, and for the rest its size; about a token for each message of a stream. */
export function estimated({ usage, metered, isStream, bytesIn }: Untold): Told {
  const input = usage?.input ?? Math.ceil(bytesIn / bytesPerToken);
  const shown = metered === null ? 0 : outputOf(metered, isStream);
  const output = Math.max(usage?.output ?? 0, shown);
  return { usage: { ...usage, input, output }, isEstimate: true };
}

/** In so many bytes a token's frame fits, whoever wrote it; what is longer holds more of them. */
const bytesPerFrame = 300;

/** What is no stream is one message, of which nobody knows how much there was to come. */
function outputOf({ usage, messages, bytes }: Metered, isStream: boolean): number {
  if (isStream) {
    const text = Math.max(0, bytes - messages * bytesPerFrame);
    return Math.max(messages, Math.ceil(text / bytesPerToken));
  }
  if (usage !== null) return messages;
  return Math.min(Math.ceil(bytes / bytesPerToken), mostUntold);
}

const bytesBesideFiles = 64 * 1024;

/** Of a request's bytes those that may be text: a picture in it has few tokens for its bytes. */
export function textBytesOf(start: Uint8Array, bytes: number): number {
  if (bytes <= bytesBesideFiles) return bytes;
  return holdsFile(start.subarray(0, bytesBesideFiles)) ? bytesBesideFiles : bytes;
}

/** No text has a word of so many letters: it is a file in base64. */
const longestWord = 1_000;

/** One pass, whatever the bytes are. */
function holdsFile(bytes: Uint8Array): boolean {
  let letters = 0;
  for (const byte of bytes) {
    letters = isBase64(byte) ? letters + 1 : 0;
    if (letters > longestWord) return true;
  }
  return false;
}

function isBase64(byte: number): boolean {
  const lower = byte | 0x20;
  const isLetter = lower >= 0x61 && lower <= 0x7a;
  return isLetter || (byte >= 0x2f && byte <= 0x39) || byte === 0x2b;
}

/** The total counts; how it is split is what the reply says, as far as it does. */
export function withTotal(told: Told | null, total: number): Usage {
  const output = Math.min(told?.usage.output ?? 0, total);
  return { ...told?.usage, input: total - output, output };
}
