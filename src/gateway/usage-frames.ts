import { type NanoUsd, usdText } from "../core/money.ts";
import { eachMember } from "./json-members.ts";

/** What a frame of a stream says of usage. */
export interface UsageFrame {
  /** Where the object with the counts ends: the position of its closing brace. */
  readonly closesAt: number;
  /** It holds something already, so that more is put behind a comma. */
  readonly isFilled: boolean;
  /** Nothing else is in the frame: OpenAI's last one, which comes where `include_usage` was asked for. */
  readonly isExtra: boolean;
}

/**
 * Finds the usage of OpenAI (`usage`, or within `response`), Anthropic (`usage`) and Gemini (`usageMetadata`) in the text
 * of a frame; null where there is none, or none that can be changed without touching anything else.
 */
export function usageFrameOf(frame: string): UsageFrame | null {
  const from = onlyDataOf(frame);
  if (from < 0) return null;
  const json = frame.slice(from, lineEndOf(frame, from));
  const found = usageIn(json);
  return found === null ? null : { ...found, closesAt: from + found.closesAt };
}

/** Where the data of a frame begins that has one line of data and no more; else -1. */
function onlyDataOf(frame: string): number {
  let found = -1;
  for (let at = 0; at < frame.length; at = lineEndOf(frame, at) + 1) {
    if (!frame.startsWith("data:", at)) continue;
    if (found >= 0) return -1;
    found = at + (frame[at + 5] === " " ? 6 : 5);
  }
  return found;
}

const lineEnd = /[\r\n]/g;

function lineEndOf(frame: string, from: number): number {
  lineEnd.lastIndex = from;
  return lineEnd.exec(frame)?.index ?? frame.length;
}

/** The frame with the cost in it, in USD; every other character as it was. */
export function withCost(frame: string, { closesAt, isFilled }: UsageFrame, cost: NanoUsd): string {
  const member = `${isFilled ? "," : ""}"cost":${usdText(cost)}`;
  return frame.slice(0, closesAt) + member + frame.slice(closesAt);
}

function usageIn(json: string): UsageFrame | null {
  let usageAt = -1;
  let hasNoChoices = false;
  let top = "";
  const isObject = eachMember(json, (name, at, depth) => {
    if (depth === 1) top = name;
    const isTop = depth === 1 && (name === "usage" || name === "usageMetadata");
    const isNested = depth === 2 && name === "usage" && top === "response";
    if ((isTop || isNested) && json[at] === "{") usageAt = at;
    if (depth === 1 && name === "choices") hasNoChoices = /^\[\s*\]/.test(json.slice(at, at + 20));
    return true;
  });
  if (!isObject || usageAt < 0) return null;
  const closesAt = endOfObject(json, usageAt);
  const isFilled = /[^\s{]/.test(json.slice(usageAt, closesAt));
  return { closesAt, isFilled, isExtra: hasNoChoices };
}

/** The closing brace of the object that begins at `at`; the text is valid JSON. */
function endOfObject(json: string, at: number): number {
  let depth = 0;
  let isText = false;
  for (let here = at; here < json.length; here++) {
    const char = json[here];
    if (isText) {
      if (char === "\\") here += 1;
      else if (char === '"') isText = false;
    } else if (char === '"') isText = true;
    else if (char === "{") depth += 1;
    else if (char === "}" && --depth === 0) return here;
  }
  return at;
}
