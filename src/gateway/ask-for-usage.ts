import type { Route } from "../core/routes.ts";
import type { Body, Call } from "../core/types.ts";
import { eachMember } from "./json-members.ts";

/** OpenAI's streams tell their usage where `stream_options.include_usage` asks for it. */
const streamsOfOpenAi = /\/(?:chat\/)?completions$/;

/**
 * The body that asks for usage, where the route wants it asked for and the client does not ask by itself (`Route.
 * requestsStreamUsage`); null where the client's own goes up.
 */
export function askForUsage(
  { method }: Call,
  { requestsStreamUsage }: Route,
  path: string,
  body: Body,
): Body | null {
  if (!requestsStreamUsage || method !== "POST" || body.kind !== "bytes") return null;
  if (!streamsOfOpenAi.test(path)) return null;
  const text = Buffer.from(body.bytes).toString();
  const asking = askingForUsage(text);
  if (asking === null || !Buffer.from(text).equals(Buffer.from(body.bytes))) return null;
  const bytes = new TextEncoder().encode(asking);
  return { kind: "bytes", bytes: bytes.buffer };
}

/**
 * The request's JSON with `include_usage` in it, every other character as it was: what says false or null is replaced.
 * Null where it is no stream, where it asks already, and where it cannot be told.
 */
export function askingForUsage(json: string): string | null {
  let streams = false;
  let optionsAt = -1;
  let wishAt = -1;
  let isStrange = false;
  let top = "";
  const isObject = eachMember(json, (name, at, depth) => {
    if (depth === 1) top = name;
    if (depth === 1 && name === "stream") streams = json.startsWith("true", at);
    if (depth === 1 && name === "stream_options") {
      isStrange ||= optionsAt >= 0;
      optionsAt = at;
    }
    if (depth === 2 && top === "stream_options" && name === "include_usage") {
      isStrange ||= wishAt >= 0;
      wishAt = at;
    }
    return true;
  });
  if (!isObject || !streams || isStrange) return null;
  if (wishAt >= 0) return replaced(json, wishAt, ["false", "null"], "true");
  if (optionsAt < 0) return inserted(json, json.indexOf("{") + 1, `"stream_options":${wish}`);
  if (json[optionsAt] !== "{") return replaced(json, optionsAt, ["null"], wish);
  return inserted(json, optionsAt + 1, '"include_usage":true');
}

const wish = '{"include_usage":true}';

/** Null where none of the words stands there. */
function replaced(json: string, at: number, words: readonly string[], by: string): string | null {
  const word = words.find((one) => json.startsWith(one, at));
  return word === undefined ? null : json.slice(0, at) + by + json.slice(at + word.length);
}

/** A member, as the first one of the object that is open at `at`. */
function inserted(json: string, at: number, member: string): string {
  const rest = json.slice(at);
  return `${json.slice(0, at)}${member}${/^\s*\}/.test(rest) ? "" : ","}${rest}`;
}
