import { Type } from "@sinclair/typebox";
import { Elysia } from "elysia";
import { type AdminDeps, adminAuth } from "./admin-auth.ts";
import { KeyShape, keyShape } from "./key-shape.ts";
import { adminRoute } from "./operation.ts";
import { pageField, sizeField } from "./paging.ts";
import { readQuery } from "./read-request.ts";
import { TeamQuery } from "./team-fields.ts";
import { teamOf } from "./team-lookup.ts";
import { TeamShape, teamShape } from "./team-shape.ts";

/** LiteLLM's replies have no pages here: so much fits into one without the data plane standing still. */
const mostKeys = 1_000;
const mostTeams = 1_000;

/** `GET /team/info` and `GET /team/list`. */
export const teamReading = (deps: AdminDeps) => {
  const { book, standings } = deps;
  const showing = () => ({ standings, now: Date.now() });

  return new Elysia({ name: "team-reading" })
    .use(adminAuth(deps))
    .get(
      "/team/info",
      ({ request }) => {
        const team = teamOf(book, readQuery(request, TeamQuery).team_id);
        const page = { page: 1, size: mostKeys };
        const order = { by: "createdAt", descending: true } as const;
        const { items, total } = book.list({ teamId: team.id }, order, page);
        return Response.json({
          team_id: team.id,
          team_info: teamShape(team, showing()),
          keys: items.map((key) => keyShape(key, showing())),
          total_keys: total,
          team_memberships: [],
        });
      },
      adminRoute(info),
    )
    .get(
      "/team/list",
      ({ request }) => {
        const { page = 1, size = mostTeams } = readQuery(request, ListQuery);
        const { items, total } = book.teams({ page, size });
        const headers = { "x-total-count": String(total) };
        return Response.json(
          items.map((team) => teamShape(team, showing())),
          { headers },
        );
      },
      adminRoute(list),
    );
};

const ListQuery = Type.Object({ page: pageField, size: sizeField(mostTeams, mostTeams) });

const info = {
  tag: "teams",
  summary: "Look at a team",
  description: `With its ${mostKeys} newest keys; \`/key/list?team_id=\` pages through all of them.`,
  query: TeamQuery,
  reply: Type.Object({
    team_id: Type.String(),
    team_info: TeamShape,
    keys: Type.Array(KeyShape),
    total_keys: Type.Integer(),
    team_memberships: Type.Tuple([]),
  }),
};

const list = {
  tag: "teams",
  summary: "List teams",
  description: "`x-total-count` says how many there are.",
  query: ListQuery,
  reply: Type.Array(TeamShape),
};
