import { capital } from "./format.ts";

/** What is wrong with a form, by the API's name of the setting. */
export type Faults = Readonly<Record<string, string>>;

/** What a refusal says, each sentence at its setting. */
export interface PlacedFaults {
  readonly faults: Faults;
  /** What belongs to no setting of the form. */
  readonly others: readonly string[];
}

/** Sentences that name their setting at the end, or by what they speak of. */
const spoken: readonly (readonly [sentence: RegExp, name: string])[] = [
  [/ has this alias\.$/, "key_alias"],
  [/^There is no team with this team_id\.$|^This team_id is |^A team_id has /, "team_id"],
];

/**
 * Sentences of a refusal (`target: this is not a URL.`, `Write https://host/path.`) by the setting that they name; one
 * without a name goes on with the one before it.
 */
export function placeFaults(sentences: readonly string[], names: readonly string[]): PlacedFaults {
  const faults = new Map<string, string>();
  const others: string[] = [];
  let last: string | null = null;
  for (const sentence of sentences) {
    const told = sentence.replace(/^endpoint \S+, made through the API(?:, |: )/, "");
    const [name, text] = read(told);
    const place: string | null = name ?? last;
    last = place !== null && names.includes(place) ? place : null;
    if (last === null) others.push(told);
    else faults.set(last, [...(faults.has(last) ? [faults.get(last)] : []), text].join(" "));
  }
  return { faults: Object.fromEntries(faults), others };
}

function read(told: string): readonly [name: string | null, text: string] {
  const [, missing] = /^([a-z_]+) is missing\.$/.exec(told) ?? [];
  if (missing !== undefined) return [missing, "This is needed."];
  const [, name, member, rest = ""] = /^([a-z_]+)([.[][^:]*)?: ?(.*)$/s.exec(told) ?? [];
  if (name === undefined) return [spoken.find(([form]) => form.test(told))?.[1] ?? null, told];
  return [
    name,
    member === undefined ? capital(rest.trimStart()) : `${member.replace(/^\./, "")}: ${rest}`,
  ];
}
