import { Type } from "@sinclair/typebox";
import { Elysia } from "elysia";
import { modelScope, teamScope } from "../core/journal.ts";
import type { TeamChanges } from "../core/key-book.ts";
import type { TeamRecord } from "../core/key-record.ts";
import { type AdminDeps, adminAuth } from "./admin-auth.ts";
import { adminRoute } from "./operation.ts";
import { payerChanges, settled } from "./payer-changes.ts";
import { notForPayers } from "./payer-fields.ts";
import { readFields } from "./read-request.ts";
import { DeleteTeams, NewTeam, type TeamFields, UpdateTeam } from "./team-fields.ts";
import { teamOf } from "./team-lookup.ts";
import { TeamShape, teamShape } from "./team-shape.ts";

/** `POST /team/new`, `update`, `delete`. */
export const teams = (deps: AdminDeps) => {
  const { book, standings } = deps;
  const showing = () => ({ standings, now: Date.now() });

  return new Elysia({ name: "teams" })
    .use(adminAuth(deps))
    .post(
      "/team/new",
      async ({ request, actor }) => {
        const fields = await readFields(request, NewTeam, notForPayers);
        const team = book.createTeam(fields.team_id ?? null, teamChanges(fields, null), actor);
        return Response.json(teamShape(team, showing()));
      },
      adminRoute(made),
    )
    .post(
      "/team/update",
      async ({ request, actor }) => {
        const fields = await readFields(request, UpdateTeam, notForPayers);
        const current = teamOf(book, fields.team_id);
        const team = book.changeTeam(current.id, teamChanges(fields, current), actor);
        return Response.json({ team_id: team.id, data: teamShape(team, showing()) });
      },
      adminRoute(updated),
    )
    .post(
      "/team/delete",
      async ({ request, actor }) => {
        const ids = [...new Set((await readFields(request, DeleteTeams)).team_ids)];
        const gone = ids.map((id, index) => teamOf(book, id, `team_ids[${index}]`));
        book.removeTeams(ids, actor);
        for (const scope of gone.flatMap(scopesOf)) clear(scope, deps);
        return Response.json({ deleted_teams: ids });
      },
      adminRoute(deleted),
    );
};

/** All accounts of a team's own. */
function scopesOf({ id, modelLimits }: TeamRecord): string[] {
  const own = teamScope(id);
  const models = Object.keys(modelLimits?.budgets ?? {});
  return [own, ...models.map((name) => modelScope(own, name))];
}

/** Somebody may choose the same id again, and has spent nothing then. */
function clear(scope: string, { standings, adjust }: AdminDeps): void {
  const { spentNanoUsd } = standings.standing(scope, null);
  if (spentNanoUsd !== 0) adjust(scope, -spentNanoUsd);
}

function teamChanges(fields: TeamFields, current: TeamRecord | null): TeamChanges {
  return {
    ...payerChanges(fields, current),
    alias: settled(fields.team_alias, current?.alias ?? null, null),
  };
}

const made = { tag: "teams", summary: "Make a team", body: NewTeam, reply: TeamShape };

const updated = {
  tag: "teams",
  summary: "Change a team",
  description: "What is left out stays as it is; null clears it.",
  body: UpdateTeam,
  reply: Type.Object({ team_id: Type.String(), data: TeamShape }),
};

const deleted = {
  tag: "teams",
  summary: "Remove teams",
  description:
    "All of them or, where one is not there, none. Their keys are revoked with them. The reply lists their ids.",
  body: DeleteTeams,
  reply: Type.Object({ deleted_teams: Type.Array(Type.String()) }),
};
