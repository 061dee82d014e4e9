import { type Static, Type } from "@sinclair/typebox";
import { optional } from "./schema-parts.ts";

/** A JSON Pointer (RFC 6901); empty is the whole value. */
export const pointerPattern = "^(/([^/~]|~[01])*)*$";

const pointerForm = "A JSON Pointer: /usage/seconds.";

const Pointer = (description: string) =>
  Type.String({ pattern: pointerPattern, description: `${description} ${pointerForm}` });

/** `usage.model`, where it is not a pointer into the reply. */
export const ModelForm = Type.Object({
  reply: optional(Pointer("Where the reply names it.")),
  request: optional(Pointer("Where the request's JSON body, or form, names it.")),
  value: optional(Type.String({ minLength: 1, description: "The model, always the same." })),
});
export type ModelForm = Static<typeof ModelForm>;

/** One of `usage.units`, where it is neither a constant nor a pointer into the reply. */
export const UnitForm = Type.Object({
  reply: optional(Pointer("Where the reply tells it.")),
  request: optional(Pointer("Where the request's JSON body, or form, tells it.")),
  count: optional(Type.Boolean({ description: "The elements of the list there are counted." })),
  length: optional(Type.Boolean({ description: "The characters of the text there are counted." })),
  over: optional(
    Type.String({
      pattern: "^(first|last|sum)$",
      description: "first, last (as it is without the key) or sum, over the messages of a stream.",
    }),
  ),
});
export type UnitForm = Static<typeof UnitForm>;

/** `usage` of an endpoint: where replies and requests tell what was used. */
export const EndpointUsage = Type.Object(
  {
    model: optional(
      Type.Unknown({
        form: ModelForm,
        description: "A JSON Pointer into the reply, {request: POINTER} or {value: NAME}.",
      }),
    ),
    units: Type.Record(Type.String(), Type.Unknown({ form: UnitForm }), {
      description: "By unit: a JSON Pointer into the reply, a constant, or a map.",
    }),
  },
  { description: "Where model and units stand in requests and replies of an API nobody knows." },
);
export type EndpointUsage = Static<typeof EndpointUsage>;

/** Amounts far below a nano-dollar are right here: a token costs so little. */
export const UnitPrice = Type.Number({
  minimum: 0,
  maximum: 9_000_000,
  description: "USD for one of it.",
});
