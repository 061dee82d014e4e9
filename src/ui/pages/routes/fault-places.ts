import type { Faults } from "./local-faults.ts";

/** What a refusal says, each sentence at its setting. */
export interface PlacedFaults {
  readonly faults: Faults;
  /** What belongs to no setting of the form. */
  readonly others: readonly string[];
}

/**
 * Sentences of a refusal (`target: this is not a URL.`, `Write https://host/path.`) by the setting whose name they
 * begin with; one without a name goes on with the one before it.
 */
export function placedFaults(sentences: readonly string[], names: readonly string[]): PlacedFaults {
  const faults = new Map<string, string>();
  const others: string[] = [];
  let add = (text: string) => void others.push(text);
  for (const sentence of sentences) {
    const text = sentence.replace(/^endpoint \S+, made through the API(?:, |: )/, "");
    const [, key, rest] = /^([a-z_]+)((?:[.[][^:]*)?: .*|: ?.*| is missing\.)$/s.exec(text) ?? [];
    if (key === undefined || rest === undefined) {
      add(text);
      continue;
    }
    if (!names.includes(key)) {
      add = (more) => void others.push(more);
      add(text);
      continue;
    }
    add = (more) => {
      const said = faults.get(key);
      faults.set(key, said === undefined ? more : `${said} ${more}`);
    };
    add(readable(rest));
  }
  return { faults: Object.fromEntries(faults), others };
}

/** Of the setting itself as a sentence; of a member with its name in front: `api_token: this is not …`. */
function readable(rest: string): string {
  if (!rest.startsWith(":") && !rest.startsWith(" ")) return rest.replace(/^\./, "");
  const text = rest.replace(/^[:\s]+/, "");
  return text.charAt(0).toUpperCase() + text.slice(1);
}
