import { type Static, Type } from "@sinclair/typebox";
import { isTeamId } from "../core/team-id.ts";
import { clearable, payerFields, word } from "./payer-fields.ts";

const TeamId = Type.String({ meant: "the id of a team", description: "The team's id." });

const teamFields = { team_alias: word("A name for people."), ...payerFields };

const closed = { additionalProperties: false } as const;

export const NewTeam = Type.Object(
  {
    team_id: clearable(
      Type.String(),
      "1 to 100 of the characters A-Z, a-z, 0-9, _ . @ -",
      "An id of your own choice; otherwise it gets one.",
      (value) => typeof value === "string" && isTeamId(value),
    ),
    ...teamFields,
  },
  closed,
);

export const UpdateTeam = Type.Object({ team_id: TeamId, ...teamFields }, closed);

export const DeleteTeams = Type.Object(
  {
    team_ids: Type.Array(Type.String({ minLength: 1 }), {
      minItems: 1,
      maxItems: 1_000,
      meant: "a list of the ids of teams",
      description: "The teams' ids.",
    }),
  },
  closed,
);

export const TeamQuery = Type.Object({ team_id: TeamId }, closed);

const Team = Type.Object(teamFields);
export type TeamFields = Static<typeof Team>;
