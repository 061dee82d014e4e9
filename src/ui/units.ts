import { capital } from "./format.ts";

const words: Readonly<Record<string, string>> = {
  input: "Input tokens",
  output: "Output tokens",
  cached: "Cached input tokens",
  cached_audio: "Cached audio tokens",
  cache_write: "Tokens written to the cache",
  cache_write_1h: "Tokens written to the cache for an hour",
  reasoning: "Reasoning tokens",
  audio_input: "Audio input tokens",
  audio_output: "Audio output tokens",
  image_input: "Image input tokens",
  image_output: "Image output tokens",
  video_input: "Video input tokens",
  annotated_pages: "Annotated pages",
  search_units: "Search units",
  web_searches: "Web searches",
  call: "This call",
};

/** A unit of usage in words: `Input tokens` for `input`. */
export function unitWords(unit: string): string {
  const known = words[unit];
  if (known !== undefined && Object.hasOwn(words, unit)) return known;
  return capital(unit.replaceAll("_", " "));
}
