import { redacted } from "./safe-headers.ts";
import { codeLike } from "./secret-names.ts";

export interface SafeUrl {
  /** Path and query, secret values taken out. */
  readonly url: string;
  /** The values that were taken out, as they stood and decoded. */
  readonly secrets: readonly string[];
}

/** Parameters that only sound like secrets: counts of tokens, tokens of pages. */
const harmless = /^(?:max_?tokens|max_output_tokens|page_?token|next_?token|continuation_?token)$/i;

/** A path and its query as they are kept. */
export function safeUrl(path: string, query: string): SafeUrl {
  if (query === "") return { url: path, secrets: [] };
  const secrets: string[] = [];
  const parts = query.split("&").map((part) => {
    const equals = part.indexOf("=");
    const name = decoded(equals < 0 ? part : part.slice(0, equals));
    if (equals < 0 || !codeLike.test(name) || harmless.test(name)) return part;
    const value = part.slice(equals + 1);
    secrets.push(value, decoded(value));
    return `${part.slice(0, equals)}=${redacted}`;
  });
  return { url: `${path}?${parts.join("&")}`, secrets };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch {
    return text;
  }
}
