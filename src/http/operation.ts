import type { TObject, TSchema } from "@sinclair/typebox";
import type { DocumentDecoration } from "elysia";

/** What a route says of itself to its readers; of this, and of the path, `/openapi.json` is made. */
export interface Operation {
  readonly tag: string;
  readonly summary: string;
  readonly description?: string;
  /** `admin`: the master key or an admin key. `key`: any valid key. `none`: no key. */
  readonly access: "admin" | "key" | "none";
  readonly query?: TObject;
  readonly body?: TObject;
  /** The body may be left out. */
  readonly bodyOptional?: boolean;
  /** Of the reply's JSON; missing where it is something else. */
  readonly reply?: TSchema;
}

/** For a route's `detail`. */
export function operation(own: Operation): DocumentDecoration {
  const { tag, summary, description, access, query, body, reply } = own;
  return {
    tags: [tag],
    summary,
    ...(description === undefined ? {} : { description }),
    security: access === "none" ? [] : [{ key: [] }],
    ...(query === undefined ? {} : { parameters: parametersOf(query) }),
    ...(body === undefined
      ? {}
      : { requestBody: { required: own.bodyOptional !== true, content: json(body) } }),
    responses: {
      200: { description: "Done.", ...(reply === undefined ? {} : { content: json(reply) }) },
      ...(access === "none" ? {} : refusals[access]),
    },
  };
}

/** A route for admins, which reads its body itself: nothing of it is read before it is known who asks. */
export const adminRoute = (own: Omit<Operation, "access">) =>
  ({
    admin: true,
    parse: "none",
    detail: operation({ ...own, access: "admin" }),
  }) as const;

/** Query parameters as OpenAPI lists them. */
export function parametersOf({ properties, required = [] }: TObject) {
  return Object.entries(properties).map(([name, schema]) => ({
    name,
    in: "query",
    required: required.includes(name),
    ...(schema.description === undefined ? {} : { description: schema.description }),
    schema: plain(schema),
  }));
}

function json(schema: TSchema) {
  return { "application/json": { schema: plain(schema) } };
}

/** JSON Schema alone: without what the schema says to this program. */
function plain(schema: TSchema) {
  return JSON.parse(
    JSON.stringify(schema, (name, value) =>
      name === "meant" && typeof value === "string" ? undefined : value,
    ),
  );
}

const error = (description: string) => ({
  description,
  content: { "application/json": { schema: { $ref: "#/components/schemas/Error" } } },
});

const key = {
  401: error("The key is missing, not valid, expired or blocked."),
  429: error("Too many failed attempts from this address."),
};

const refusals = { key, admin: { ...key, 403: error("Only an admin key may do this.") } };
