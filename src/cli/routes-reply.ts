import { type Static, Type } from "@sinclair/typebox";
import { Value } from "@sinclair/typebox/value";
import type { ControlReply } from "../control.ts";
import { checked, type KeysAdmin, unexpected } from "./keys-admin.ts";

/** Where endpoints are listed, made and removed. */
export const endpointsPath = "/config/pass_through_endpoint";

const orNull = <S extends Parameters<typeof Type.Optional>[0]>(schema: S) =>
  Type.Union([schema, Type.Null()]);

/** One endpoint of a reply, as far as the command line tells of it. */
const ListedEndpoint = Type.Object({
  id: orNull(Type.String()),
  path: Type.String(),
  target: Type.String(),
  methods: orNull(Type.Array(Type.String())),
  include_subpath: Type.Boolean(),
  auth: orNull(Type.Boolean()),
  is_from_config: Type.Boolean(),
  enabled: Type.Boolean(),
  unset: Type.Optional(Type.Array(Type.String())),
  config_file: Type.Optional(Type.String()),
  config_line: Type.Optional(Type.Integer()),
  version: orNull(Type.Integer()),
});
export type ListedEndpoint = Static<typeof ListedEndpoint>;

const Listed = Type.Object({ endpoints: Type.Array(ListedEndpoint) });

/** All endpoints, those of the file first. */
export async function allEndpoints(admin: KeysAdmin): Promise<ListedEndpoint[]> {
  return endpointsIn(await admin.ask("GET", endpointsPath));
}

/** The endpoints of a reply. Throws the gateway's own words where it refused. */
export function endpointsIn(reply: ControlReply): ListedEndpoint[] {
  const body = checked(reply);
  if (!Value.Check(Listed, body)) throw unexpected(endpointsPath);
  return body.endpoints;
}
