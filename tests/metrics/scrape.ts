import { masterKey } from "../gateway/wire.ts";
import { type Family, parseExposition, type Sample } from "./exposition.ts";

/** One look at `/metrics`. */
export interface Scrape {
  readonly text: string;
  readonly families: ReadonlyMap<string, Family>;
  /** The lines of this name that have all these labels. */
  all(name: string, labels?: Readonly<Record<string, string>>): readonly Sample[];
  /** Their sum. */
  sum(name: string, labels?: Readonly<Record<string, string>>): number;
}

/** As an admin, or at an address of its own. Throws unless it is answered with 200. */
export async function scrape(url: string): Promise<Scrape> {
  const headers = { authorization: `Bearer ${masterKey}` };
  const reply = await fetch(`${url}/metrics`, { headers });
  const text = await reply.text();
  if (reply.status !== 200) throw new Error(`${reply.status} ${text}`);
  return scraped(text);
}

export function scraped(text: string): Scrape {
  const families = parseExposition(text);
  const samples = [...families.values()].flatMap((family) => family.samples);
  const all: Scrape["all"] = (name, labels = {}) =>
    samples.filter((sample) => sample.name === name && has(sample.labels, labels));
  const sum: Scrape["sum"] = (name, labels) =>
    all(name, labels).reduce((total, { value }) => total + value, 0);
  return { text, families, all, sum };
}

function has(labels: Sample["labels"], wanted: Readonly<Record<string, string>>): boolean {
  return Object.entries(wanted).every(([name, value]) => labels[name] === value);
}
