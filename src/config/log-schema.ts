import { type Static, Type } from "@sinclair/typebox";
import { optional } from "./schema-parts.ts";

/** So many bytes of a body; no more than a few calls at once can hold in memory. */
export const LoggedBytes = (description: string) =>
  Type.Integer({ minimum: 1, maximum: 16_777_216, description });

/** `log` of an endpoint, in its long form. */
export const LogForm = Type.Object({
  bodies: optional(Type.Boolean({ description: "Keep bodies and headers, without secrets." })),
  max_bytes: optional(LoggedBytes("Kept of each body, from its beginning.")),
  sample: optional(
    Type.Number({
      exclusiveMinimum: 0,
      maximum: 1,
      description: "Share of the calls whose bodies are kept: 0.1 is one in ten.",
    }),
  ),
});
export type LogForm = Static<typeof LogForm>;
