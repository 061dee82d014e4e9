import type { UsageFold } from "../core/metering.ts";
import { mostOf, type Usage } from "../core/usage.ts";
import { field, listField, readCounts, sumOf, textField, usageOf } from "./fields.ts";

/** Where the API's counts stand within a `usage`. */
const places = {
  uncached: ["input_tokens"],
  cached: ["cache_read_input_tokens"],
  cacheWrite: ["cache_creation_input_tokens"],
  cacheWrite5m: ["cache_creation", "ephemeral_5m_input_tokens"],
  cacheWrite1h: ["cache_creation", "ephemeral_1h_input_tokens"],
  output: ["output_tokens"],
  reasoning: ["output_tokens_details", "thinking_tokens"],
  webSearches: ["server_tool_use", "web_search_requests"],
} as const;

type Name = keyof typeof places;
type Told = Partial<Record<Name, number>>;

const names = [
  "uncached",
  "cached",
  "cacheWrite",
  "cacheWrite5m",
  "cacheWrite1h",
  "output",
  "reasoning",
  "webSearches",
] as const satisfies readonly Name[];

const markers = ['"usage"', '"message_stop"', '"error"'];

/**
 * The usage of a Messages reply, plain or streamed, under the name of whoever serves it. A stream tells cumulative
 * counts, some or all of them, in `message_start` and in each `message_delta`: what a later one leaves out stands.
 */
export function anthropicFold(provider: string): UsageFold {
  const counts = readCounts();
  const told: Told = {};
  const compaction: Told = {};
  let usage: Usage | null = null;
  let model: string | null = null;
  let hasEnded = false;
  let hasFailed = false;

  function read(found: unknown): boolean {
    for (const name of names) {
      const count = counts.count(field(found, ...places[name]));
      if (count !== undefined) told[name] = count;
      const compacted = sumOf(
        ...compactions(found).map((one) => counts.count(field(one, ...places[name]))),
      );
      if (compacted !== undefined) compaction[name] = compacted;
    }
    const whole = wholeOf((name) => sumOf(told[name], compaction[name]));
    if (whole !== null) usage = mostOf(usage ?? {}, whole);
    return whole !== null;
  }

  return {
    markers,
    add(message, event) {
      const type = textField(message, "type");
      if (type === "error" || event === "error") {
        hasFailed = true;
        return;
      }
      const body = type === "message_start" ? field(message, "message") : message;
      model = textField(body, "model") ?? model;
      if (read(field(body, "usage")) && isEnd(message, type)) hasEnded = true;
    },
    result: () => ({
      provider: usage === null && model === null ? null : provider,
      model,
      usage,
      isFinal: hasEnded && !hasFailed,
      isInvalid: counts.isInvalid,
      once: null,
    }),
  };
}

/** What it took to make a context shorter is billed too, and is not in the counts beside it. */
function compactions(usage: unknown): readonly unknown[] {
  return listField(usage, "iterations").filter((one) => field(one, "type") === "compaction");
}

/** A plain reply is its own end; a stream's is the reason why it stopped. */
function isEnd(message: unknown, type: string | null): boolean {
  if (type === "message_delta") return textField(message, "delta", "stop_reason") !== null;
  return type === null || type === "message" || type === "message_stop";
}

/** The API tells input without what was read from the cache or written to it. */
function wholeOf(count: (name: Name) => number | undefined): Usage | null {
  const uncached = count("uncached");
  const cached = count("cached");
  const cacheWrite = count("cacheWrite") ?? sumOf(count("cacheWrite5m"), count("cacheWrite1h"));
  return usageOf({
    input: uncached === undefined ? undefined : sumOf(uncached, cached, cacheWrite),
    output: count("output"),
    cached,
    cacheWrite,
    cacheWrite1h: count("cacheWrite1h"),
    reasoning: count("reasoning"),
    webSearches: count("webSearches"),
  });
}
