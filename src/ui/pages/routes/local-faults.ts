import { type SettingWords, type SchemaReply } from "../../endpoint.ts";
import { jsonNames, numberNames, parsedJson, type RouteValues } from "./form-state.ts";
import { targetParts } from "./preview.ts";
import type { Faults } from "../../fault-places.ts";
import { isMask } from "../../masks.ts";
import { noNumber } from "../../parts/number-text.ts";
import type { Pair } from "../../parts/pairs-record.ts";

/** What can be said without asking the gateway. `stored`: what the route has now, null for a new one. */
export function localFaults(
  values: RouteValues,
  stored: RouteValues | null,
  schema: SchemaReply | undefined,
): Faults {
  const words = new Map(schema?.fields.map((one) => [one.name, one]));
  const found: [string, string | null][] = [
    ["id", stored === null ? idFault(values.id) : null],
    ["path", pathFault(values.path)],
    ["target", values.target === stored?.target ? null : targetFault(values.target.trim())],
    ["headers", pairsFault(values.headers, stored?.headers, true)],
    [
      "default_query_params",
      pairsFault(values.default_query_params, stored?.default_query_params, false),
    ],
    ["budget_duration", periodFault(values)],
    ...numberNames.map((name): [string, string | null] => [
      name,
      numberFault(values[name], words.get(name)),
    ]),
    ["log", logFault(values)],
    ...jsonNames.map((name): [string, string | null] => [name, jsonFault(values[name])]),
  ];
  const faults = found.flatMap(([name, text]) => (text === null ? [] : [[name, text]]));
  return Object.fromEntries(faults);
}

function idFault(id: string): string | null {
  if (id === "" || (/^[\w.:-]{1,100}$/.test(id) && !/^\.+$/.test(id))) return null;
  return "Use 1 to 100 letters, digits and . _ : -";
}

function pathFault(path: string): string | null {
  if (path.trim() === "" || path === "/.") return "Enter the path that callers use, as /bria.";
  if (!path.startsWith("/")) return "A path starts with /.";
  if (/[?#\s]/.test(path)) return "A path holds no blanks, no ? and no #.";
  const parts = path.replace(/%2e/gi, ".").split("/").slice(1);
  const isBroken = parts.includes(".") || parts.includes("..") || parts.slice(0, -1).includes("");
  if (!isBroken && !path.includes("\\")) return null;
  return "No request can have this path: take out dots, empty parts and backslashes.";
}

function targetFault(target: string): string | null {
  if (target === "") return "Enter where the requests go, as https://engine.prod.bria-api.com.";
  if (isMask(target)) return "Enter the target in full: this is only what stands for a stored one.";
  if (/\s/.test(target)) return "A target holds no blanks.";
  if (/^tollgate:/i.test(target) && targetParts(target) === null) {
    return "There is no such target inside: write tollgate://sample.";
  }
  const [, scheme] = /^([a-z][a-z0-9+.-]*):\/\//i.exec(target) ?? [];
  if (scheme === undefined) return "Write the whole address, beginning with https://.";
  if (targetParts(target) === null)
    return "This is no address that can be called: write https://host/path.";
  if (target.includes("#")) return "Take out the part after #: it is never sent.";
  if (/^[a-z]+:\/\/[^/?#]*@/i.test(target)) {
    return "Take the user name and password out, and set an Authorization header below.";
  }
  return null;
}

/** A stored secret belongs to its name: under another one it has to be typed again. */
function pairsFault(
  pairs: readonly Pair[],
  stored: readonly Pair[] | undefined,
  isHeaders: boolean,
): string | null {
  const names = pairs.map(({ name }) => name.trim());
  const nameless = pairs.some(({ name, value }) => name.trim() === "" && value !== "");
  if (nameless) return "Give each value a name, or remove its row.";
  const same = (name: string) => (isHeaders ? name.toLowerCase() : name);
  const twice = names.find((name, at) => name !== "" && names.map(same).indexOf(same(name)) !== at);
  if (twice !== undefined) return `${twice} stands twice: keep one of them.`;
  const odd = names.find((name) => isHeaders && !/^[!#$%&'*+.^_`|~\w-]*$/.test(name));
  if (odd !== undefined)
    return `${odd} cannot be the name of a header: take out blanks and colons.`;
  const lost = pairs.find(
    ({ name, value }) =>
      isMask(value) &&
      !stored?.some((one) => same(one.name) === same(name.trim()) && one.value === value),
  );
  return lost === undefined
    ? null
    : `Enter the value of ${lost.name} again: a stored one cannot be moved.`;
}

function periodFault({ budget_duration: period, max_budget: budget }: RouteValues): string | null {
  if (period.trim() === "") return null;
  if (!/^\d{1,9}(s|m|h|d|w|mo)$/.test(period.trim())) return "Write 30s, 30m, 30h, 30d, 2w or 1mo.";
  return budget === null ? "A period needs a budget: enter one, or take the period out." : null;
}

function numberFault(value: number | null, words: SettingWords | undefined): string | null {
  if (Number.isNaN(value)) return noNumber;
  if (value === null || words === undefined) return null;
  const { minimum, exclusive_minimum: above, maximum, type } = words;
  if (type === "integer" && !Number.isSafeInteger(value)) return "Enter a whole number.";
  if (minimum !== undefined && value < minimum) return `Enter ${minimum} or more.`;
  if (above !== undefined && value <= above) return `Enter more than ${above}.`;
  if (maximum !== undefined && value > maximum) return `Enter ${maximum} or less.`;
  return null;
}

function logFault({ log, log_max_bytes: most, log_sample: sample }: RouteValues): string | null {
  if (log !== "bodies") return null;
  if (Number.isNaN(most) || Number.isNaN(sample)) return noNumber;
  if (most !== null && (!Number.isSafeInteger(most) || most < 1 || most > 16_777_216)) {
    return "Keep between 1 and 16777216 bytes of each body.";
  }
  if (sample !== null && (sample <= 0 || sample > 1))
    return "The share is more than 0, and 1 at most.";
  return null;
}

function jsonFault(text: string): string | null {
  const parsed = parsedJson(text);
  if (parsed === null) return "This is no JSON: look for a missing quote, comma or brace.";
  const { value } = parsed;
  if (value === undefined) return null;
  const isMap = typeof value === "object" && value !== null && !Array.isArray(value);
  return isMap ? null : "A JSON object is meant, as {…}.";
}
