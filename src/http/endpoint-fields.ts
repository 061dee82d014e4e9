import { Kind, type TObject, type TSchema, Type } from "@sinclair/typebox";
import { Endpoint, EndpointTls } from "../config/endpoint-schema.ts";

/** A key of an endpoint that the API takes, with its own words where the file's do not hold. */
interface EndpointKey {
  readonly name: string;
  readonly schema: TSchema;
}

/** Only an endpoint of the file may have these. */
const filesOnly: ReadonlySet<string> = new Set(["enabled_if", "proxy"]);

/** What holds here in place of the words about the file. */
const ownWords: Readonly<Record<string, TSchema>> = {
  headers: {
    ...Endpoint.properties.headers,
    description:
      "Sent upstream, over the client's own. Every value is literal, os.environ/ too. A masked value that is sent back stays as it was.",
    differs: "Secrets are masked on reading; os.environ/ is not replaced by a variable's value.",
  },
  auth: {
    ...Endpoint.properties.auth,
    description: "true: a valid key. false: anyone.",
    absent: "A valid key is needed.",
    default: true,
  },
  tls: Type.Object(
    {
      server_name: EndpointTls.properties.server_name,
      verify: { ...EndpointTls.properties.verify, default: true },
    },
    { description: "TLS towards this upstream." },
  ),
};

/** Every key that an endpoint made through the API may have, in the order of the file's schema; without `id`. */
export const endpointKeys: readonly EndpointKey[] = Object.entries(Endpoint.properties)
  .filter(([name, { notYet }]) => name !== "id" && notYet === undefined && !filesOnly.has(name))
  .map(([name, schema]) => ({ name, schema: ownWords[name] ?? schema }));

/** Members of replies that clients send back with the rest. */
const ofReplies = [
  "is_from_config",
  "config_file",
  "config_line",
  "enabled",
  "unset",
  "created_at",
  "created_by",
  "updated_at",
  "updated_by",
] as const;

/** What says nothing of the endpoint itself. */
export const aside: ReadonlySet<string> = new Set(["id", "version", ...ofReplies]);

const whatever = Type.Optional(Type.Unknown());

/** Every name that a body may hold; what stands there is looked at as the config loader does. */
export const AnyEndpointFields = Type.Object(
  Object.fromEntries(
    [...Object.keys(Endpoint.properties), ...aside].map((name) => [name, whatever]),
  ),
);

const Version = Type.Optional(
  Type.Integer({ minimum: 1, description: "Only if it still has this version." }),
);
const Id = Type.Optional(
  Type.String({
    description: "A name of its own, up to 200 characters without a slash; else one is made.",
  }),
);

/** For readers: what a create takes. */
export const CreateEndpoint = Type.Object({ id: Id, ...documented(isNeeded) });

/** For readers: what an update takes. */
export const UpdateEndpoint = Type.Object({ version: Version, ...documented(() => false) });

export const ListEndpoints = Type.Object({
  endpoint_id: Type.Optional(Type.String({ description: "Only this one." })),
  team_id: Type.Optional(Type.String({ description: "Only those whose paths the team may call." })),
});

export const DryRun = Type.Object({
  dry_run: Type.Optional(
    Type.Boolean({
      meant: "true or false",
      description: "Only say what it would be, or what is wrong.",
    }),
  ),
});

export const RemoveEndpoint = Type.Object({
  endpoint_id: Type.String({ description: "Which one." }),
  version: Type.Optional(
    Type.Integer({
      minimum: 1,
      meant: "a whole number of at least 1",
      description: "Only if it still has this version.",
    }),
  ),
});

export function isNeeded(name: string): boolean {
  return name === "path" || name === "target";
}

function documented(needed: (name: string) => boolean): Record<string, TSchema> {
  return Object.fromEntries(
    endpointKeys.map(({ name, schema }) => {
      const plain = withoutOwnWords(schema);
      if (needed(name)) return [name, plain];
      const description = schema.description ?? "";
      return [name, Type.Optional(Type.Union([plain, Type.Null()], { description }))];
    }),
  );
}

/** JSON Schema alone, without what the schema says to this program. */
function withoutOwnWords(schema: TSchema): TSchema {
  const { differs: _, absent: __, protects: ___, form, ...plain } = schema;
  if (form !== undefined) return Type.Unknown({ description: schema.description ?? "" });
  if (!isObject(schema)) return plain;
  const properties = Object.entries(schema.properties).map(([name, part]) => [
    name,
    Type.Optional(withoutOwnWords(part)),
  ]);
  return Type.Object(Object.fromEntries(properties), { description: schema.description ?? "" });
}

function isObject(schema: TSchema): schema is TObject {
  return schema[Kind] === "Object";
}
