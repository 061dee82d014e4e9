import type { KeyPath } from "../config/findings.ts";
import { loadStored, toldFault } from "../config/stored-endpoints.ts";
import { isRecord } from "../config/walk.ts";
import type { EndpointSettings } from "../core/endpoint-book.ts";
import { aside, isNeeded } from "./endpoint-fields.ts";

/**
 * The members of a body that are settings of an endpoint, null where one is to be taken out. An empty list of methods
 * means all of them, an empty list of what is not served yet asks for nothing, and null below is as good as left out.
 */
export function settingsIn(given: Readonly<Record<string, unknown>>): EndpointSettings {
  return Object.fromEntries(
    Object.entries(given)
      .filter(([name]) => !aside.has(name))
      .map(([name, value]) => {
        return [name, emptyMeansNone.has(name) && isEmpty(value) ? null : withoutNulls(value)];
      }),
  );
}

/** Settings with changes over them; what the changes have as null is taken out. */
export function merged(current: EndpointSettings, changes: EndpointSettings): EndpointSettings {
  const all = Object.entries({ ...current, ...changes });
  return Object.fromEntries(all.filter(([, value]) => value !== null));
}

/**
 * One sentence, in the config loader's words, for each key that is not what it should be. `changes` are those of this
 * request, `all` what the endpoint would have.
 */
export function settingsFaults(changes: EndpointSettings, all: EndpointSettings): string[] {
  const removed = Object.keys(changes).filter((name) => isNeeded(name) && changes[name] === null);
  const { findings } = loadStored({ id: "new", settings: all }, true);
  const said = findings.filter(({ path: [, , ...place] }) => {
    return isAbout(place, changes, all) && !removed.includes(String(place[0]));
  });
  return [
    ...removed.map((name) => `${name}: an endpoint has to have one.`),
    ...said.map(toldFault),
  ];
}

const emptyMeansNone: ReadonlySet<string> = new Set([
  "methods",
  "guardrails",
  "credentials",
  "client_credentials",
]);

function withoutNulls(value: unknown): unknown {
  if (!isRecord(value)) return value;
  const set = Object.entries(value).filter(([, part]) => part !== null);
  return Object.fromEntries(set.map(([name, part]) => [name, withoutNulls(part)]));
}

function isEmpty(value: unknown): boolean {
  if (value === "" || value === false) return true;
  return typeof value === "object" && value !== null && Object.keys(value).length === 0;
}

/** What stands there already is left alone; what is missing is this request's affair. */
function isAbout([key]: KeyPath, changes: EndpointSettings, all: EndpointSettings): boolean {
  const name = String(key);
  return Object.hasOwn(changes, name) || !Object.hasOwn(all, name);
}
