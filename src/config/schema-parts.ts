import { type TSchema, Type } from "@sinclair/typebox";

/**
 * What becomes of a key that this version does not serve yet. `refuse`: it protects or translates, so a start
 * without it would let something pass that was meant to be held: a fault. `warn`: it only records.
 */
export type NotYet = "refuse" | "warn";

declare module "@sinclair/typebox" {
  interface SchemaOptions {
    notYet?: NotYet;
    /** How this gateway's behaviour differs from LiteLLM's where the key is set. */
    differs?: string;
    /** How it differs from LiteLLM's where the key is left out. */
    absent?: string;
    /** A misspelling of this key is a fault, not a warning: it would leave something open. */
    protects?: boolean;
    /** Of a list of names: those that do not record but screen or limit, so that they are refused. */
    screens?: readonly string[];
  }
}

/** A key that this version knows and does not serve. */
export const later = (notYet: NotYet, description: string) =>
  Type.Optional(Type.Unknown({ notYet, description, protects: notYet === "refuse" }));

export const optional = <S extends TSchema>(schema: S) => Type.Optional(schema);

/** A length of time; a year at most, which every timer can hold. */
export const Seconds = (description: string) =>
  Type.Number({ exclusiveMinimum: 0, maximum: 31_536_000, description: `${description} Seconds.` });

/** A plain value, sent as it is written in the file. */
export const Scalar = Type.Union([Type.String(), Type.Number(), Type.Boolean()]);
