import { Kind, type TObject, type TSchema } from "@sinclair/typebox";
import { Value } from "@sinclair/typebox/value";
import { nearest } from "../config/nearest.ts";
import { GatewayError } from "../core/errors.ts";
import { deepestNesting, isDeeper } from "../core/nesting.ts";

declare module "@sinclair/typebox" {
  interface SchemaOptions {
    /** What a field takes, as it ends the sentence "… is meant". */
    meant?: string;
    /** What the schema cannot say of a field's value. */
    sound?: (value: unknown) => boolean;
  }
}

/** Fields with a reason why they mean nothing here. */
export type NotHere = Readonly<Record<string, string>>;

const none: NotHere = {};

/**
 * One sentence for each field that is unknown, missing or not what it should be. Names are told, values never: any
 * of them may be a secret. A field of `notHere` is passed over where it asks for nothing.
 */
export function fieldFaults(
  given: Readonly<Record<string, unknown>>,
  { properties, required = [] }: TObject,
  notHere: NotHere = none,
): string[] {
  const faults = required
    .filter((name) => !Object.hasOwn(given, name))
    .map((name) => `${name} is missing.`);
  for (const [name, value] of Object.entries(given)) {
    const schema = Object.hasOwn(properties, name) ? properties[name] : undefined;
    if (isDeeper(value)) {
      faults.push(`${told(name)}: nested more than ${deepestNesting} deep.`);
    } else if (schema !== undefined) {
      if (!isSound(schema, value))
        faults.push(`${name}: ${schema.meant ?? kind(schema)} is meant.`);
    } else if (!Object.hasOwn(notHere, name)) {
      faults.push(unknown(name, faults.length < mostTold ? Object.keys(properties) : []));
    } else if (!asksNothing(value)) {
      faults.push(`${name}: ${notHere[name]}.`);
    }
  }
  return faults;
}

/** All faults in one answer. */
export function refuse(faults: readonly string[]): GatewayError {
  const shown = faults.slice(0, mostTold);
  const more = faults.length > mostTold ? [`${faults.length - mostTold} more.`] : [];
  const told = [...shown, ...more];
  return new GatewayError("request_invalid", { detail: told.join(" "), faults: told });
}

const mostTold = 30;

function isSound(schema: TSchema, value: unknown): boolean {
  return Value.Check(schema, value) && (value === null || schema.sound?.(value) !== false);
}

function kind(schema: TSchema): string {
  return schema[Kind] === "String" ? "a text" : "another value";
}

/** What clients send that send every field they know. */
function asksNothing(value: unknown): boolean {
  if (value === null || value === "" || value === false || value === "false") return true;
  return typeof value === "object" && Object.keys(value).length === 0;
}

function unknown(name: string, names: readonly string[]): string {
  const meant = nearest(name, names);
  const hint = meant === null ? "" : ` Did you mean ${meant}?`;
  return `${told(name)}: there is no such field.${hint}`;
}

/** The name of a field, unless it may be a key that slipped into its place. */
function told(name: string): string {
  return /^[A-Za-z_][\w.-]{0,39}$/.test(name) && !/sk-/i.test(name) ? name : "A field";
}
