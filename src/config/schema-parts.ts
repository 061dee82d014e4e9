import { type TObject, type TSchema, Type } from "@sinclair/typebox";

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
    /** What to do where the key is refused. */
    remedy?: string;
    /** Of a key that takes a short form too: what it holds where it is a map. */
    form?: TObject;
  }
}

/** A key that this version knows and does not serve. */
export const later = (notYet: NotYet, description: string, remedy?: string) =>
  Type.Optional(
    Type.Unknown({
      notYet,
      description,
      protects: notYet === "refuse",
      ...(remedy === undefined ? {} : { remedy }),
    }),
  );

export const optional = <S extends TSchema>(schema: S) => Type.Optional(schema);

/** A length of time; a year at most, which every timer can hold. */
export const Seconds = (description: string) =>
  Type.Number({ exclusiveMinimum: 0, maximum: 31_536_000, description: `${description} Seconds.` });

/** How a length of time is written. */
export const durationForms = "As 30s, 30m, 30h, 30d, 2w or 1mo.";

/** A length of time as LiteLLM writes it; `parseDuration` reads it, and knows which one is too long. */
export const Period = (description: string) =>
  Type.String({
    pattern: "^\\d{1,9}(s|m|h|d|w|mo)$",
    description: `${description} ${durationForms}`,
    protects: true,
  });

/** A limit that counts something. */
export const Count = (description: string) =>
  Type.Integer({ minimum: 1, description, protects: true });

/** An amount of money; no more than is exact in nano-dollars. */
export const Usd = (description: string, minimum = 0) =>
  Type.Number({
    minimum,
    maximum: 9_000_000,
    description: `${description} USD.`,
    protects: true,
  });

/** A plain value, sent as it is written in the file. */
export const Scalar = Type.Union([Type.String(), Type.Number(), Type.Boolean()]);
