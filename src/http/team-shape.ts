import { type Static, Type } from "@sinclair/typebox";
import { teamScope } from "../core/journal.ts";
import type { TeamRecord } from "../core/key-record.ts";
import { nullable, PayerShape, payerShape, type Showing } from "./payer-shape.ts";

const NoList = Type.Tuple([]);

/** A team as replies show it. Teams have no members here: a user is a name that keys carry. */
export const TeamShape = Type.Object({
  team_id: Type.String(),
  team_alias: nullable(Type.String()),
  organization_id: Type.Null(),
  admins: NoList,
  members: NoList,
  members_with_roles: NoList,
  ...PayerShape.properties,
});
export type TeamShape = Static<typeof TeamShape>;

export function teamShape(record: TeamRecord, showing: Showing): TeamShape {
  return {
    team_id: record.id,
    team_alias: record.alias,
    organization_id: null,
    admins: [],
    members: [],
    members_with_roles: [],
    ...payerShape(record, teamScope(record.id), showing),
  };
}
