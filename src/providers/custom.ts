import type { Folded, MeteredCall, UsageFold, UsageFormat } from "../core/metering.ts";
import type { Pointer, Reading, UnitRule, UsageRules } from "../core/metering-settings.ts";
import { isCount, type Unit } from "../core/usage.ts";

/**
 * The format that a route's `usage` rules describe. `name` is for records and prices (`custom` where the route gives
 * none). What stands at a pointer and is no count makes the whole invalid; where nothing (or null) stands, nothing is
 * told. Constants and what the request tells count once the reply told something, if it is to tell anything. Where a rule
 * reads the request and the request cannot be read, nothing is told: a part of the price would be missing.
 * Folds of rules with sums say so (`addsUp`): whoever feeds them may leave no message out.
 */
export function customFormat(rules: UsageRules, name: string | null = null): UsageFormat {
  const id = name ?? "custom";
  const markers = markersOf(rules);
  const addsUp = [...rules.units.values()].some(
    (rule) => rule.from === "reply" && rule.over === "sum",
  );
  const countsTokens = rules.units.has("input") || rules.units.has("output");
  return {
    id,
    fold(call) {
      const fold = { markers, addsUp, ...foldOf(rules, call, id) };
      return fold;
    },
    modelOfPath: () => null,
    countsTokens: () => countsTokens,
  };
}

type Counts = Partial<Record<Unit, number>>;

/** What can be said before the reply comes. */
interface Known {
  readonly counts: Counts;
  readonly model: string | null;
  readonly isInvalid: boolean;
  /** A rule reads the request, and nobody can. */
  readonly isUnreadable: boolean;
}

type ReplyRule = Extract<UnitRule, { readonly from: "reply" }>;

function foldOf(
  rules: UsageRules,
  call: MeteredCall,
  provider: string,
): Omit<UsageFold, "markers"> {
  const known = knownOf(rules, call);
  const replyRules = [...rules.units].filter(isOfReply);
  const modelPointer = rules.model?.from === "reply" ? rules.model.pointer : null;
  const told: Counts = {};
  let { model, isInvalid } = known;
  return {
    add(message) {
      if (modelPointer !== null) model = nameAt(message, modelPointer) ?? model;
      for (const [unit, rule] of replyRules) {
        const read = readAt(message, rule);
        if (read === undefined) continue;
        const count = combined(told[unit], read, rule);
        if (count === null) isInvalid = true;
        else told[unit] = count;
      }
    },
    result(): Folded {
      const isTold =
        !known.isUnreadable && (replyRules.length === 0 || Object.keys(told).length > 0);
      const usage = { ...known.counts, ...told };
      return {
        provider,
        model,
        usage: isTold && Object.keys(usage).length > 0 ? usage : null,
        isFinal: replyRules.every(([unit]) => told[unit] !== undefined),
        isInvalid,
        once: null,
      };
    },
  };
}

function isOfReply(entry: [Unit, UnitRule]): entry is [Unit, ReplyRule] {
  return entry[1].from === "reply";
}

function knownOf({ model, units }: UsageRules, call: MeteredCall): Known {
  const counts: Counts = {};
  let isInvalid = false;
  let isUnreadable = false;
  for (const [unit, rule] of units) {
    if (rule.from === "reply") continue;
    if (rule.from === "request") isUnreadable ||= call.body() === undefined;
    const count = rule.from === "value" ? rule.value : readAt(call.body(), rule);
    if (count === null) isInvalid = true;
    else if (count !== undefined) counts[unit] = count;
  }
  const name =
    model?.from === "value"
      ? model.value
      : model?.from === "request"
        ? nameAt(call.body(), model.pointer)
        : null;
  return { counts, model: name, isInvalid, isUnreadable };
}

/** Null where it cannot be a count. */
function combined(before: number | undefined, read: number | null, { over }: ReplyRule) {
  if (read === null || before === undefined || over === "last") return read;
  if (over === "first") return before;
  return isCount(before + read) ? before + read : null;
}

/** Undefined where nothing stands there, null where what stands there is no count. */
function readAt(
  value: unknown,
  { pointer, reading }: { readonly pointer: Pointer; readonly reading: Reading },
): number | null | undefined {
  const found = at(value, pointer);
  if (found === undefined || found === null) return undefined;
  if (reading === "count") return Array.isArray(found) ? found.length : null;
  if (reading === "length") return typeof found === "string" ? charactersOf(found) : null;
  return isCount(found) ? found : null;
}

/** What a record would not show as a name is none. */
const longestName = 256;

function nameAt(value: unknown, pointer: Pointer): string | null {
  const found = at(value, pointer);
  const isName = typeof found === "string" && found !== "" && found.length <= longestName;
  return isName ? found : null;
}

/** Only an object's own names count, and of a list its elements: `length` is none. */
function at(value: unknown, pointer: Pointer): unknown {
  let found = value;
  for (const name of pointer) {
    if (typeof found !== "object" || found === null) return undefined;
    if (!Object.hasOwn(found, name) || (Array.isArray(found) && name === "length"))
      return undefined;
    found = Reflect.get(found, name);
  }
  return found;
}

/** Code points, as people count. */
function charactersOf(text: string): number {
  let pairs = 0;
  for (let index = 0; index < text.length; index++) {
    if ((text.codePointAt(index) ?? 0) > 0xffff) {
      pairs++;
      index++;
    }
  }
  return text.length - pairs;
}

/** An upstream may write any other name with escapes. */
const plainName = /^[\w .$@-]*[A-Za-z_][\w .$@-]*$/;

/** A message that a pointer leads into holds its last name, in quotes. */
function markersOf({ model, units }: UsageRules): readonly string[] {
  const pointers = [...units.values()].flatMap((rule) =>
    rule.from === "reply" ? [rule.pointer] : [],
  );
  if (model?.from === "reply") pointers.push(model.pointer);
  return [...new Set(pointers.flatMap(markersOfPointer))];
}

function markersOfPointer(pointer: Pointer): readonly string[] {
  const last = pointer.at(-1) ?? "";
  return plainName.test(last) ? [`"${last}"`] : ["{", "["];
}
