import type { Folded, UsageFold } from "../core/metering.ts";
import type { Usage } from "../core/usage.ts";
import { field, listField, readCounts, textField } from "./fields.ts";
import { type Dialect, modelOf, tokenUsage } from "./openai-usage.ts";

/**
 * In these messages alone: the counts, the choice's end, the first delta and `response.created`, which name the
 * model, and searches. A `"usage":null` in each message is none of them.
 */
export const tokenMarkers: readonly string[] = [
  '"prompt_tokens"',
  '"input_tokens"',
  '"total_tokens"',
  '"finish_reason":"',
  '"finish_reason": "',
  '"refusal":null',
  '"role":"assistant","content":""',
  '"response.created"',
  '"web_search_call"',
];

/**
 * Chat, completions, responses, embeddings, runs of threads: the last usage told is what holds, since those who tell
 * it more than once add up. It is the whole once the choice has ended, or the message has none.
 */
export function foldTokens(provider: string, dialect: Dialect = {}): UsageFold {
  const counts = readCounts();
  let model: string | null = null;
  let usage: Usage | null = null;
  let hasEnded = false;
  let searched = 0;
  let isFinal = false;
  return {
    markers: tokenMarkers,
    add(message) {
      model = modelOf(message) ?? model;
      hasEnded ||= endsChoice(message);
      searched += Number(endsSearch(message));
      const told = tokenUsage(usageIn(message), counts, dialect);
      if (told === null) return;
      const searches = searchesIn(message, searched);
      usage = searches === 0 ? told : { ...told, webSearches: searches };
      isFinal = hasEnded || isWhole(message);
    },
    result: (): Folded => ({
      provider: usage === null && model === null ? null : provider,
      model,
      usage,
      isFinal,
      isInvalid: counts.isInvalid,
      once: null,
    }),
  };
}

/** Groq, Moonshot and Cloudflare have places of their own for it. */
function usageIn(message: unknown): unknown {
  return (
    field(message, "usage") ??
    field(message, "response", "usage") ??
    field(message, "x_groq", "usage") ??
    field(message, "result", "usage") ??
    field(listField(message, "choices")[0], "usage")
  );
}

function endsChoice(message: unknown): boolean {
  return listField(message, "choices").some(
    (choice) => textField(choice, "finish_reason") !== null,
  );
}

const lastEvents = new Set(["response.completed", "response.incomplete", "response.failed"]);

/** What tells usage is no part of a stream, or its last: a response's end, a message without choices, a whole reply. */
function isWhole(message: unknown): boolean {
  const type = textField(message, "type");
  if (type?.startsWith("response.")) return lastEvents.has(type);
  if (field(message, "object") === "thread.run.step") return false;
  const [choice] = listField(message, "choices");
  return choice === undefined || field(choice, "message") !== undefined;
}

/**
 * The response's items tell which searches were made; pages that were only opened cost nothing. Of a response that is
 * too long to be kept whole there are those that the stream told before.
 */
function searchesIn(message: unknown, before: number): number {
  const items = field(field(message, "response") ?? message, "output");
  return Array.isArray(items) ? items.filter(isSearch).length : before;
}

function endsSearch(message: unknown): boolean {
  const type = field(message, "type");
  return type === "response.output_item.done" && isSearch(field(message, "item"));
}

function isSearch(item: unknown): boolean {
  if (field(item, "type") !== "web_search_call") return false;
  return (textField(item, "action", "type") ?? "search") === "search";
}
