import { Value } from "@sinclair/typebox/value";
import type { ModelRule, Over, Pointer, UnitRule, UsageRules } from "../core/metering-settings.ts";
import { isCount, type Unit } from "../core/usage.ts";
import { type Finding, fault, type KeyPath } from "./findings.ts";
import { unitOf } from "./unit-names.ts";
import { type EndpointUsage, ModelForm, pointerPattern, UnitForm } from "./usage-schema.ts";
import { isRecord } from "./walk.ts";

/** `usage` as rules; null where it is left out. What is wrong with a rule leaves it out and is a fault. */
export interface CompiledUsage {
  readonly rules: UsageRules | null;
  readonly findings: readonly Finding[];
}

/** `path` is that of the `usage` key. Of what is of another kind nothing is said: its schema has. */
export function compileUsage(usage: EndpointUsage | undefined, path: KeyPath): CompiledUsage {
  if (usage === undefined) return { rules: null, findings: [] };
  const findings: Finding[] = [];
  const note = <T>(read: Read<T>): T | null => {
    if (isFinding(read)) findings.push(read);
    return isFinding(read) ? null : read;
  };
  const units = new Map<Unit, UnitRule>();
  const written = Object.entries(usage.units);
  if (written.length === 0) {
    const remedy = "Name one at least: seconds: /audio/duration, say.";
    findings.push(fault([...path, "units"], "no unit is told", remedy));
  }
  for (const [name, value] of written) {
    const place = [...path, "units", name];
    const named = unitOf(name, place);
    if ("fault" in named) findings.push(named.fault);
    const rule = note(unitRule(value, place));
    if (rule !== null && "unit" in named) units.set(named.unit, rule);
  }
  const model = usage.model === undefined ? null : note(modelRule(usage.model, [...path, "model"]));
  return { rules: { model, units }, findings };
}

/** Null: of another kind than its schema says. */
type Read<T> = T | Finding | null;

function isFinding(read: unknown): read is Finding {
  return isRecord(read) && "severity" in read;
}

function modelRule(written: unknown, path: KeyPath): Read<ModelRule> {
  if (typeof written === "string") {
    const pointer = pointerOf(written);
    if (pointer !== null && pointer.length > 0) return { from: "reply", pointer };
    const remedy = "Write {value: NAME} for a model that is always the same.";
    return fault(path, "this is no JSON Pointer: /model, say", remedy);
  }
  if (!isRecord(written)) {
    return fault(path, "a JSON Pointer or a map is meant", "Write /model, or {value: NAME}.");
  }
  if (!Value.Check(ModelForm, written)) return null;
  const { reply, request, value } = written;
  const one = onlyOne({ reply, request, value }, path);
  if (one !== null) return one;
  if (value !== undefined) return { from: "value", value };
  const pointer = pointerOf(reply ?? request ?? "") ?? [];
  return { from: reply === undefined ? "request" : "reply", pointer };
}

function unitRule(written: unknown, path: KeyPath): Read<UnitRule> {
  if (typeof written === "number") {
    if (isCount(written)) return { from: "value", value: written };
    return fault(path, "a number of at least 0 and at most 1e9 is meant", "Write 1, say.");
  }
  if (typeof written === "string") {
    const pointer = pointerOf(written);
    if (pointer !== null && pointer.length > 0) {
      return { from: "reply", pointer, reading: "number", over: "last" };
    }
    const remedy = "Write a constant as a number, without quotes.";
    return fault(path, "this is no JSON Pointer: /usage/seconds, say", remedy);
  }
  if (!isRecord(written)) {
    const remedy = "Write /usage/seconds, or {reply: /result, count: true}.";
    return fault(path, "a JSON Pointer, a number or a map is meant", remedy);
  }
  return Value.Check(UnitForm, written) ? formRule(written, path) : null;
}

function formRule(form: UnitForm, path: KeyPath): UnitRule | Finding {
  const { reply, request, count, length, over } = form;
  const one = onlyOne({ reply, request }, path);
  if (one !== null) return one;
  if (count === true && length === true) {
    const remedy = "count is for lists, length for texts: take one of them out.";
    return fault([...path, "length"], "count and length are two ways to read one thing", remedy);
  }
  const pointer = pointerOf(reply ?? request ?? "") ?? [];
  const reading = count === true ? "count" : length === true ? "length" : "number";
  if (reply !== undefined) return { from: "reply", pointer, reading, over: overOf(over) };
  if (over === undefined) return { from: "request", pointer, reading };
  return fault([...path, "over"], "a request is one message, not a stream", "Take it out.");
}

/** The fault of a map that does not say just one of these. */
function onlyOne(places: Readonly<Record<string, unknown>>, path: KeyPath): Finding | null {
  const given = Object.keys(places).filter((name) => places[name] !== undefined);
  if (given.length === 1) return null;
  const names = Object.keys(places).join(" or ");
  const message =
    given.length === 0 ? "this says nowhere to look" : `${given.join(" and ")} are two places`;
  return fault(path, message, `Write one of ${names}.`);
}

function overOf(written: string | undefined): Over {
  return written === "first" || written === "sum" ? written : "last";
}

const pointerForm = new RegExp(pointerPattern);

/** Null where it is none. */
function pointerOf(text: string): Pointer | null {
  if (!pointerForm.test(text)) return null;
  const names = text.split("/").slice(1);
  return names.map((name) => name.replaceAll("~1", "/").replaceAll("~0", "~"));
}
