import type { TSchema } from "@sinclair/typebox";
import { version } from "../version.ts";
import { parametersOf } from "./operation.ts";

/** What is read of a route of the framework's. */
export interface ServedRoute {
  readonly method: string;
  readonly path: string;
  readonly hooks: {
    readonly detail?: Readonly<Record<string, unknown>>;
    readonly query?: unknown;
    readonly body?: unknown;
  };
}

/** One operation of the document: OpenAPI's Operation Object. */
export interface OperationObject {
  readonly summary?: string;
  readonly description?: string;
  readonly tags?: readonly string[];
  readonly security?: readonly object[];
  readonly parameters?: readonly ParameterObject[];
  readonly requestBody?: unknown;
  readonly responses?: unknown;
}

export interface ParameterObject {
  readonly name: string;
  readonly in: string;
  readonly required: boolean;
  readonly description?: string;
  readonly schema: unknown;
}

export interface OpenApi {
  readonly openapi: string;
  readonly info: { readonly title: string; readonly version: string; readonly description: string };
  readonly paths: Readonly<Record<string, Readonly<Record<string, OperationObject>>>>;
  readonly [part: string]: unknown;
}

/** The admin API as an OpenAPI 3.1 document, made of what its routes say of themselves. */
export function openApi(routes: readonly ServedRoute[]): OpenApi {
  const paths: Record<string, Record<string, OperationObject>> = {};
  for (const route of routes) {
    const path = route.path.replace(/:(\w+)/g, "{$1}");
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operationOf(route) };
  }
  return {
    openapi: "3.1.0",
    info: { title: "Tollgate admin API", version, description: intro },
    paths: Object.fromEntries(Object.entries(paths).sort(([a], [b]) => (a < b ? -1 : 1))),
    components: { schemas: { Error: ErrorBody }, securitySchemes: { key: keyScheme } },
    security: [{ key: [] }],
  };
}

const intro =
  "For operators: keys, teams, spend, and the running process. Routes answer to the master key and to admin keys, under names of this machine and those of general_settings.admin_hosts.";

function operationOf({ path, hooks }: ServedRoute): OperationObject {
  const { detail = {}, query, body } = hooks;
  const own = Array.isArray(detail["parameters"]) ? detail["parameters"] : [];
  const parameters = [
    ...pathParameters(path),
    ...own,
    ...(isObjectSchema(query) ? parametersOf(query) : []),
  ];
  return {
    responses: { 200: { description: "Done." } },
    ...(isObjectSchema(body)
      ? { requestBody: { required: true, content: { "application/json": { schema: body } } } }
      : {}),
    ...detail,
    ...(parameters.length === 0 ? {} : { parameters }),
  };
}

function pathParameters(path: string): ParameterObject[] {
  return [...path.matchAll(/:(\w+)/g)].map(([, name = ""]) => ({
    name,
    in: "path",
    required: true,
    schema: { type: "string" },
  }));
}

/** A route's own schema, for routes that leave the check of their input to the framework. */
function isObjectSchema(schema: unknown): schema is Parameters<typeof parametersOf>[0] {
  return typeof schema === "object" && schema !== null && "properties" in schema;
}

const ErrorBody = {
  type: "object",
  properties: {
    error: {
      type: "object",
      properties: {
        message: { type: "string" },
        type: { type: "string", description: "A code that stays, such as `key_invalid`." },
        param: { type: "null" },
        code: { type: "string", description: "The status, as a text." },
      },
      required: ["message", "type", "param", "code"],
    },
    faults: {
      type: "array",
      items: { type: "string" },
      description: "What is wrong, one by one, where the message is a list of it.",
    },
  },
  required: ["error"],
} satisfies Partial<Record<keyof TSchema, unknown>>;

const keyScheme = {
  type: "http",
  scheme: "bearer",
  description: "The master key, or a key with user_role proxy_admin. x-litellm-api-key does too.",
};
