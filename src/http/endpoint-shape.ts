import { Type } from "@sinclair/typebox";
import type { ConfiguredEndpoint } from "../core/configured-endpoint.ts";
import type { EndpointHistory, EndpointSettings, StoredEndpoint } from "../core/endpoint-book.ts";
import { maskedSettings } from "../core/endpoint-secrets.ts";
import { maskedConfigured } from "./endpoint-masking.ts";
import { nullable, Time } from "./payer-shape.ts";

const Plain = Type.Record(Type.String(), Type.Unknown());

/** An endpoint as replies show it: LiteLLM's members, every further key that was set, and ours. */
export const EndpointShape = Type.Object(
  {
    id: nullable(Type.String({ description: "null for one that was only tried out." })),
    path: Type.String(),
    target: Type.String({ description: "Secrets of its query are masked." }),
    headers: {
      ...Plain,
      description: "Secrets are masked; those of the file that are references are not.",
    },
    default_query_params: Plain,
    include_subpath: Type.Boolean(),
    cost_per_request: nullable(Type.Number({ description: "USD; null: by usage and prices." })),
    timeout: nullable(Type.Number({ description: "Seconds; null: the gateway's own." })),
    auth: nullable(Type.Boolean({ description: "null: anyone at this machine, else a key." })),
    guardrails: Type.Null(),
    methods: nullable(Type.Array(Type.String(), { description: "null is all." })),
    is_from_config: Type.Boolean(),
    config_file: Type.Optional(Type.String()),
    config_line: Type.Optional(Type.Integer()),
    enabled: Type.Boolean(),
    unset: Type.Optional(
      Type.Array(Type.String(), { description: "Variables without which it is off." }),
    ),
    version: nullable(Type.Integer({ description: "One more with every change." })),
    created_at: nullable(Time),
    created_by: nullable(Type.String()),
    updated_at: nullable(Time),
    updated_by: nullable(Type.String()),
  },
  { additionalProperties: true },
);

/** What most replies are. */
export const EndpointsShape = Type.Object({ endpoints: Type.Array(EndpointShape) });

export type ShownEndpoint = Readonly<Record<string, unknown>> & {
  readonly id: string | null;
  readonly path: unknown;
  readonly version: number | null;
};

/** One that was made through the API. */
export function storedShape(endpoint: StoredEndpoint): ShownEndpoint {
  return {
    ...members(endpoint.id, maskedSettings(endpoint.settings), true),
    is_from_config: false,
    enabled: true,
    version: endpoint.version,
    ...history(endpoint),
  };
}

/** What a change that is only tried out would make; `id` is null where none was chosen. */
export function triedShape(id: string | null, settings: EndpointSettings): ShownEndpoint {
  return {
    ...members(id, maskedSettings(settings), true),
    is_from_config: false,
    enabled: true,
    version: null,
    ...history(null),
  };
}

/** One of the config file. */
export function configuredShape(endpoint: ConfiguredEndpoint): ShownEndpoint {
  const { id, settings, file, line, unset } = endpoint;
  return {
    ...members(id, maskedConfigured(settings), null),
    is_from_config: true,
    config_file: file,
    config_line: line,
    enabled: unset.length === 0,
    ...(unset.length === 0 ? {} : { unset }),
    version: null,
    ...history(null),
  };
}

/** `auth`: what holds where it is not said. */
function members(id: string | null, settings: EndpointSettings, auth: boolean | null) {
  const { id: _, path, target, methods, ...others } = settings;
  return {
    id,
    path,
    target,
    headers: {},
    default_query_params: {},
    include_subpath: false,
    cost_per_request: null,
    timeout: null,
    auth,
    guardrails: null,
    methods: Array.isArray(methods) && methods.length > 0 ? methods : null,
    ...others,
  };
}

function history(of: EndpointHistory | null) {
  return {
    created_at: of === null ? null : new Date(of.createdAt).toISOString(),
    created_by: of?.createdBy ?? null,
    updated_at: of === null ? null : new Date(of.updatedAt).toISOString(),
    updated_by: of?.updatedBy ?? null,
  };
}
