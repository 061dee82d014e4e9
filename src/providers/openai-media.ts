import type { Folded, MeteredCall, UsageFold } from "../core/metering.ts";
import { isCount, type Usage } from "../core/usage.ts";
import { type Counts, field, readCounts, textField, usageOf } from "./fields.ts";
import { modelOf, tokenUsage } from "./openai-usage.ts";

const imageMarkers = ['"input_tokens"', '"data"'];
const speechMarkers = ['"input_tokens"', '"prompt_tokens"'];
const transcriptMarkers = [...speechMarkers, '"seconds"', '"duration"', '"prompt_audio_seconds"'];

/** Images: tokens where the model counts them (what comes out is image then), else how many came. */
export function foldImages(provider: string): UsageFold {
  return foldWhole(provider, imageMarkers, nothingSent, (message, counts) => {
    const tokens = tokenUsage(field(message, "usage"), counts);
    if (tokens === null) return usageOf({ images: lengthOfList(field(message, "data")) });
    if (tokens.output === undefined || field(message, "usage", "output_tokens_details")) {
      return tokens;
    }
    return { ...tokens, imageOutput: tokens.output };
  });
}

/** Of a long document's list only the length is kept. */
function lengthOfList(list: unknown): number | undefined {
  if (Array.isArray(list)) return list.length;
  const length = field(list, "length");
  return isCount(length) ? length : undefined;
}

/**
 * Transcripts and translations: tokens or seconds, as the model counts; Whisper's long form tells its duration.
 * Mistral tells seconds beside its tokens, and charges the seconds.
 */
export function foldTranscript(provider: string): UsageFold {
  return foldWhole(provider, transcriptMarkers, nothingSent, (message, counts) => {
    const usage = field(message, "usage");
    const seconds = field(usage, "seconds") ?? field(usage, "prompt_audio_seconds");
    if (typeof seconds === "number") return usageOf({ seconds: counts.count(seconds) });
    const duration = field(message, "duration");
    return tokenUsage(usage, counts) ?? usageOf({ seconds: counts.count(duration) });
  });
}

/** Speech: tokens where a stream of events tells them at its end, else the characters that were sent. */
export function foldSpeech(provider: string, call: MeteredCall): UsageFold {
  const sent = () => sentText(call.body());
  return foldWhole(provider, speechMarkers, sent, (message, counts) =>
    tokenUsage(field(message, "usage"), counts),
  );
}

/** What the request tells. */
interface Sent {
  readonly usage: Usage;
  /** The reply will tell no more. */
  readonly isFinal: boolean;
}

function sentText(body: unknown): Sent | null {
  const text = textField(body, "input");
  const asEvents = textField(body, "stream_format") === "sse" || field(body, "stream") === true;
  return text === null ? null : { usage: { characters: lengthOf(text) }, isFinal: !asEvents };
}

/** In code points: what people count as characters, near enough. */
function lengthOf(text: string): number {
  let length = 0;
  for (const _ of text) length++;
  return length;
}

type Read = (message: unknown, counts: Counts) => Usage | null;

function nothingSent(): null {
  return null;
}

/** One message tells everything, and others nothing; where none does, what was `sent` counts. */
function foldWhole(
  provider: string,
  markers: readonly string[],
  sent: () => Sent | null,
  read: Read,
): UsageFold {
  const counts = readCounts();
  let model: string | null = null;
  let usage: Usage | null = null;
  return {
    markers,
    add(message) {
      model = modelOf(message) ?? model;
      usage = read(message, counts) ?? usage;
    },
    result(): Folded {
      const whole = usage === null ? sent() : { usage, isFinal: true };
      const told = whole !== null || model !== null ? provider : null;
      return {
        provider: told,
        model,
        usage: whole?.usage ?? null,
        isFinal: whole?.isFinal ?? false,
        isInvalid: counts.isInvalid,
        once: null,
      };
    },
  };
}
