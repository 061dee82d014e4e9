import { ApiError } from "../../api-error.ts";

/** What is wrong with a form, by the API's name of the field. */
export type Faults = Readonly<Record<string, string>>;

/** What a refusal says, each sentence at its field. */
export interface PlacedFaults {
  readonly faults: Faults;
  /** What belongs to no field of the form. */
  readonly others: readonly string[];
}

/** Sentences that name their field at the end, or by what they speak of. */
const spoken: readonly (readonly [sentence: RegExp, field: string])[] = [
  [/ has this alias\.$/, "key_alias"],
  [/^There is no team with this team_id\.$|^This team_id is |^A team_id has /, "team_id"],
];

/**
 * Sentences of a refusal (`rpm_limit: a whole number of at least 1 is meant.`) by the field that they name; one
 * without a name goes on with the one before it.
 */
export function placeFaults(sentences: readonly string[], fields: readonly string[]): PlacedFaults {
  const faults = new Map<string, string>();
  const others: string[] = [];
  let last: string | null = null;
  for (const sentence of sentences) {
    const [field, text] = placed(sentence);
    const place: string | null = field ?? last;
    if (place === null || !fields.includes(place)) {
      others.push(sentence);
      last = null;
      continue;
    }
    const said = faults.get(place);
    faults.set(place, said === undefined ? text : `${said} ${text}`);
    last = place;
  }
  return { faults: Object.fromEntries(faults), others };
}

/** The faults that a form can show, of what sending it has thrown; null where it was refused for something else. */
export function faultsOf(error: unknown, fields: readonly string[]): PlacedFaults | null {
  if (!(error instanceof ApiError) || error.status !== 400 || error.faults.length === 0)
    return null;
  return placeFaults(error.faults, fields);
}

function placed(sentence: string): readonly [field: string | null, text: string] {
  const [, name, rest] = /^([a-z_]+)(?:: (.*)| is missing\.)$/s.exec(sentence) ?? [];
  if (name !== undefined) return [name, sentenceOf(rest ?? "this is needed.")];
  const field = spoken.find(([form]) => form.test(sentence))?.[1] ?? null;
  return [field, sentence];
}

function sentenceOf(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
