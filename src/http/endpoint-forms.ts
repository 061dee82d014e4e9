import { Kind, type TObject, type TSchema, Type } from "@sinclair/typebox";
import { endpointKeys } from "./endpoint-fields.ts";

const Kinds = Type.Union(
  ["text", "number", "integer", "boolean", "map", "list", "choice", "json"].map((kind) =>
    Type.Literal(kind),
  ),
);

/** One key of an endpoint, for whoever makes a form of it. */
const FieldShape = Type.Object({
  name: Type.String(),
  description: Type.String(),
  differs: Type.Optional(Type.String({ description: "From LiteLLM, where the key is set." })),
  absent: Type.Optional(Type.String({ description: "What holds where it is left out." })),
  type: Kinds,
  required: Type.Boolean(),
  minimum: Type.Optional(Type.Number()),
  exclusive_minimum: Type.Optional(Type.Number()),
  maximum: Type.Optional(Type.Number()),
  pattern: Type.Optional(Type.String()),
  choices: Type.Optional(Type.Array(Type.String())),
  default: Type.Optional(Type.Unknown()),
  fields: Type.Optional(Type.Array(Type.Unknown(), { description: "Of a map with known keys." })),
});

/** `GET /config/pass_through_endpoint/schema`. */
export const FormsShape = Type.Object({
  fields: Type.Array(FieldShape),
  providers: Type.Array(Type.String(), { description: "What `provider` may name." }),
});

/** What an endpoint made through the API may have, in words and kinds for its form. */
export function endpointForms(providers: readonly string[]) {
  const fields = endpointKeys.map(({ name, schema }) =>
    fieldOf(name, schema, name === "path" || name === "target"),
  );
  return { fields, providers };
}

interface Field {
  readonly name: string;
  readonly type: string;
  readonly [member: string]: unknown;
}

function fieldOf(name: string, schema: TSchema, required: boolean): Field {
  const { description = "", differs, absent, minimum, exclusiveMinimum, maximum, pattern } = schema;
  const choices = choicesOf(name, schema);
  const parts = isMap(schema) ? schema : (schema.form ?? null);
  return defined({
    name,
    description,
    differs,
    absent,
    type: choices === undefined ? typeOf(schema) : "choice",
    required,
    minimum,
    exclusive_minimum: exclusiveMinimum,
    maximum,
    pattern,
    choices,
    default: schema.default ?? defaults[name],
    fields: parts === null ? undefined : fieldsOf(parts),
  });
}

function fieldsOf({ properties, required = [] }: TObject): readonly Field[] {
  return Object.entries(properties).map(([name, schema]) =>
    fieldOf(name, schema, required.includes(name)),
  );
}

/** Where a key that is left out has a value all the same, whatever the config says. */
const defaults: Readonly<Record<string, number | boolean>> = {
  forward_headers: false,
  include_subpath: false,
  merge_query_params: false,
  trust_upstream_cost: false,
  request_stream_usage: false,
  drain_on_disconnect: false,
  connect_timeout: 5,
  stream_idle_timeout: 300,
  client_idle_timeout: 120,
};

const types: Readonly<Record<string, string>> = {
  Array: "list",
  Boolean: "boolean",
  Integer: "integer",
  Number: "number",
  Record: "map",
  String: "text",
};

function typeOf(schema: TSchema): string {
  return types[schema[Kind]] ?? "json";
}

/** `log` has a long form too, which its `fields` tell. */
function choicesOf(name: string, schema: TSchema): readonly string[] | undefined {
  if (name === "log") return ["off", "metadata", "bodies"];
  return schema[Kind] === "Literal" ? [String(schema["const"])] : undefined;
}

function isMap(schema: TSchema): schema is TObject {
  return schema[Kind] === "Object";
}

function defined(field: Field): Field {
  const told = Object.entries(field).filter(([, value]) => value !== undefined);
  return { name: field.name, type: field.type, ...Object.fromEntries(told) };
}
