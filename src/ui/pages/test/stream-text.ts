import { isRecord } from "../../is-record.ts";

type Line = Readonly<Record<string, unknown>>;

/**
 * What one event of a stream adds to the text that is being written, in the formats of the well-known APIs: OpenAI's
 * chat completions, completions and responses, Anthropic's messages, Gemini's and Cohere's. Null where it adds none.
 */
export function textOf(data: string): string | null {
  if (!data.startsWith("{")) return null;
  const event = parsed(data);
  if (event === null) return null;
  return openAi(event) ?? delta(event) ?? gemini(event) ?? null;
}

function openAi(event: Line): string | null {
  const choice = first(event["choices"]);
  if (choice === null) return null;
  if (typeof choice["text"] === "string") return choice["text"];
  const { content } = member(choice, "delta");
  return typeof content === "string" ? content : null;
}

/** Responses: `delta` is the text; Anthropic: `delta.text`; Cohere: `delta.message.content.text`. */
function delta(event: Line): string | null {
  const type = event["type"];
  const written = event["delta"];
  if (typeof written === "string") return type === "response.output_text.delta" ? written : null;
  const part = member(event, "delta");
  if (typeof part["text"] === "string") return part["text"];
  const { text } = member(member(part, "message"), "content");
  return typeof text === "string" ? text : null;
}

function gemini(event: Line): string | null {
  const candidate = first(event["candidates"]);
  if (candidate === null) return null;
  const { parts } = member(candidate, "content");
  if (!Array.isArray(parts)) return null;
  const texts = parts.map((part: unknown) => (isRecord(part) ? part["text"] : null));
  return texts.filter((text) => typeof text === "string").join("");
}

function first(list: unknown): Line | null {
  const one: unknown = Array.isArray(list) ? list[0] : null;
  return isRecord(one) ? one : null;
}

function member(value: Line, name: string): Line {
  const found = value[name];
  return isRecord(found) ? found : {};
}

function parsed(text: string): Line | null {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : null;
  } catch {
    return null; // not JSON: it is shown as it is
  }
}
