import { type Static, Type } from "@sinclair/typebox";
import { Value } from "@sinclair/typebox/value";

/** A function that the caller offers, as in OpenAI's chat completions. Other kinds of tools are left alone. */
export const Tool = Type.Object({
  type: Type.String(),
  function: Type.Optional(
    Type.Object({
      name: Type.String(),
      parameters: Type.Optional(
        Type.Object({ properties: Type.Optional(Type.Record(Type.String(), Type.Unknown())) }),
      ),
    }),
  ),
});
export type Tool = Static<typeof Tool>;

/** How the caller wants tools used: a word (`required`), or the one tool to call. */
export const ToolChoice = Type.Union([
  Type.String(),
  Type.Object({
    type: Type.String(),
    function: Type.Optional(Type.Object({ name: Type.String() })),
  }),
]);
export type ToolChoice = Static<typeof ToolChoice>;

/** A call of a function, its arguments as JSON text. */
export interface ToolCall {
  readonly name: string;
  readonly arguments: string;
}

/** The call that the sample model makes where the caller insists on one: of the named function, or the first. */
export function toolCallFor(
  tools: readonly Tool[],
  choice: ToolChoice | null | undefined,
  said: string,
): ToolCall | null {
  const named = typeof choice === "object" ? choice?.function?.name : undefined;
  if (choice !== "required" && named === undefined) return null;
  const offered = tools.flatMap((tool) => tool.function ?? []);
  const chosen = offered.find(({ name }) => named === undefined || name === named);
  if (chosen === undefined) return null;
  const parameters = Object.entries(chosen.parameters?.properties ?? {});
  const values = parameters.map(([name, parameter]) => [name, valueFor(parameter, said)]);
  return { name: chosen.name, arguments: JSON.stringify(Object.fromEntries(values)) };
}

const valuesByType: Readonly<Record<string, unknown>> = {
  integer: 1,
  number: 1,
  boolean: true,
  array: [],
  object: {},
  null: null,
};

const Choice = Type.Object({ enum: Type.Array(Type.Unknown(), { minItems: 1 }) });
const Typed = Type.Object({ type: Type.String() });

/** A value that fits the parameter's JSON schema in the plain cases; what the user said, for text. */
function valueFor(parameter: unknown, said: string): unknown {
  if (Value.Check(Choice, parameter)) return parameter.enum[0];
  return Value.Check(Typed, parameter) && Object.hasOwn(valuesByType, parameter.type)
    ? valuesByType[parameter.type]
    : said;
}
