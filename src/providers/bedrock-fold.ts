import type { UsageFold } from "../core/metering.ts";
import { mostOf, type Usage } from "../core/usage.ts";
import { anthropicFold } from "./anthropic-fold.ts";
import { converseUsage, familyUsage, metricsUsage } from "./bedrock-usage.ts";
import { field, readCounts, textField } from "./fields.ts";
import { lastTold } from "./last-told.ts";

const converseMarkers = ['"usage"'];

/** Converse, plain or streamed: the event `metadata` comes last. */
export function converseFold(provider: string): UsageFold {
  return lastTold(provider, converseMarkers, (message, counts) => {
    const told = field(message, "usage") ?? field(message, "metadata", "usage");
    return converseUsage(told, counts);
  });
}

/** A stream's messages are all in `bytes`; the others tell a plain body's counts, or an exception's name. */
const invokeMarkers = ['"bytes"', '"usage"', "TokenCount", "_token_count", '"images"', "xception"];

/** Of what is in `bytes`: in one of these are counts, or an error, of whatever family. */
const marks = ['"usage"', '"error"', "_token_count", "TokenCount", "invocationMetrics"];

/**
 * Invoke, plain or streamed: the body of the model's family, as it is or in Base64 (event `chunk`). A stream's last
 * message tells Bedrock's own counts beside the family's: the same tokens, so the larger of both holds. The model that
 * some families name is its maker's name; Bedrock's, and its price, is the path's.
 */
export function invokeFold(provider: string): UsageFold {
  const counts = readCounts();
  const messages = anthropicFold(provider);
  let usage: Usage | null = null;
  let hasEnded = false;
  let hasFailed = false;

  function read(message: unknown, isStream: boolean): void {
    messages.add(message, null);
    const metrics = metricsUsage(message, counts);
    for (const told of [familyUsage(message, counts), metrics]) {
      if (told !== null) usage = mostOf(usage ?? {}, told);
    }
    if (isStream ? metrics !== null : usage !== null) hasEnded = true;
  }

  return {
    markers: invokeMarkers,
    add(message, event) {
      if (event?.endsWith("xception")) {
        hasFailed = true;
        return;
      }
      const bytes = textField(message, "bytes");
      if (bytes === null) return read(message, false);
      const inner = decoded(bytes);
      if (inner !== undefined) read(inner, true);
    },
    result() {
      const told = messages.result();
      const whole = told.usage === null ? usage : mostOf(told.usage, usage ?? {});
      return {
        provider: whole === null ? null : provider,
        model: null,
        usage: whole,
        isFinal: (hasEnded || told.isFinal) && !hasFailed,
        isInvalid: counts.isInvalid || told.isInvalid,
        once: null,
      };
    },
  };
}

function decoded(base64: string): unknown {
  const text = Buffer.from(base64, "base64").toString();
  if (!marks.some((mark) => text.includes(mark))) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
