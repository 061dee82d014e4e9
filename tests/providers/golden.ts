import { expect, test } from "bun:test";
import type { Folded, MeteredCall, UsageFold, UsageFormat } from "../../src/core/metering.ts";
import type { Usage } from "../../src/core/usage.ts";

/** One exchange with a provider, what it used, and what that costs by hand. */
export interface GoldenCase {
  readonly name: string;
  /** POST unless told otherwise. */
  readonly method?: string;
  readonly path: string;
  /** The request's JSON body (of a form: its text fields); undefined where there is none. */
  readonly request: unknown;
  /** A text is a stream of server-sent events; anything else is the JSON body, or as `form` says. */
  readonly reply: unknown;
  /** For streams of other forms: `reply` is the array of their messages. `bytes`: a text that is no message at all. */
  readonly form?: "json-array" | "ndjson" | "aws-event-stream" | "bytes";
  /** 200 unless told otherwise. Replies from 400 on cost nothing, whatever they use. */
  readonly status?: number;
  readonly expected: GoldenUsage;
  /** Null where there is no price to be had: nothing was used, or the catalogue has none. */
  readonly handCalculation: HandCalculation | null;
}

/** What the fold has to tell. `model` as the reply names it: null where it names none. */
export interface GoldenUsage {
  readonly provider: string | null;
  readonly model: string | null;
  readonly usage: Usage | null;
  readonly isFinal: boolean;
  readonly once?: string;
}

/** The price in nano-dollars, and how it comes about: rates are dollars per million. */
export interface HandCalculation {
  readonly nanoUsd: number;
  readonly working: string;
}

/** Messages as server-sent events without names, and `[DONE]`, as OpenAI and its like send them. */
export function sse(...messages: readonly object[]): string {
  const events = messages.map((message) => `data: ${JSON.stringify(message)}\n\n`);
  return `${events.join("")}data: [DONE]\n\n`;
}

type TypedMessage = Readonly<Record<string, unknown>> & { readonly type: string };

/** Messages as server-sent events that are named after their `type`, with no end mark. */
export function typedSse(...messages: readonly TypedMessage[]): string {
  return messages
    .map((message) => `event: ${message.type}\ndata: ${JSON.stringify(message)}\n\n`)
    .join("");
}

/** One message of a stream: its text and the name of its event. */
export interface Frame {
  readonly data: string;
  readonly event: string | null;
}

export function callOf(call: { method?: string; path: string; request?: unknown }): MeteredCall {
  return { method: call.method ?? "POST", path: call.path, body: () => call.request };
}

/** The messages of a reply, as the metering would cut them; `[DONE]` is none. */
export function framesOf({ reply, form }: GoldenCase): readonly Frame[] {
  if (form === "bytes") return [];
  if (typeof reply === "string") return serverSentEvents(reply);
  if (form !== undefined && Array.isArray(reply)) return reply.map(streamed);
  return [{ data: JSON.stringify(reply), event: null }];
}

/** Of other forms than server-sent events, a message may be given with its event's name: `{ event, data }`. */
function streamed(message: unknown): Frame {
  if (typeof message === "object" && message !== null && "event" in message && "data" in message) {
    return { data: JSON.stringify(message.data), event: String(message.event) };
  }
  return { data: JSON.stringify(message), event: null };
}

function serverSentEvents(text: string): readonly Frame[] {
  const frames: Frame[] = [];
  for (const block of text.split(/\r?\n\r?\n/)) {
    const data: string[] = [];
    let event: string | null = null;
    for (const line of block.split(/\r?\n/)) {
      if (line.startsWith("data:")) data.push(line.slice("data:".length).trimStart());
      if (line.startsWith("event:")) event = line.slice("event:".length).trim();
    }
    if (data.length > 0 && data[0] !== "[DONE]") frames.push({ data: data.join("\n"), event });
  }
  return frames;
}

/** The fold of a call that has one. */
export function foldOf(format: UsageFormat, golden: GoldenCase): UsageFold {
  const fold = format.fold(callOf(golden));
  if (fold === null || fold === "free") throw new Error(`${golden.path} is ${fold}`);
  return fold;
}

/** Shows a fold its messages: those that hold a marker, as the metering does, unless all are wanted. */
export function runFold(fold: UsageFold, frames: readonly Frame[], all = false): Folded {
  for (const { data, event } of frames) {
    const matters = all || fold.markers.some((marker) => data.includes(marker));
    if (matters) fold.add(JSON.parse(data), event);
  }
  return fold.result();
}

/** Tests that each case tells what it should: by its marked messages, by all, and never less as more come in. */
export function testGolden(format: UsageFormat, cases: readonly GoldenCase[]): void {
  for (const golden of cases) {
    const { name, expected } = golden;
    const { once = null, ...rest } = expected;
    const whole: Folded = { ...rest, once, isInvalid: false };

    test(`${name}: usage`, () => {
      expect(runFold(foldOf(format, golden), framesOf(golden))).toEqual(whole);
      expect(runFold(foldOf(format, golden), framesOf(golden), true)).toEqual(whole);
    });

    test(`${name}: final at its end and not before`, () => {
      const frames = framesOf(golden);
      for (let seen = 0; seen < frames.length; seen++) {
        const { usage, isFinal, isInvalid } = runFold(
          foldOf(format, golden),
          frames.slice(0, seen),
          true,
        );
        expect(isInvalid).toBe(false);
        if (isFinal) expect(usage).toEqual(expected.usage);
        else expect(tokens(usage)).toBeLessThanOrEqual(tokens(expected.usage));
      }
    });
  }
}

function tokens(usage: Usage | null): number {
  return (usage?.input ?? 0) + (usage?.output ?? 0);
}
