import { Elysia } from "elysia";
import type { ConfiguredEndpoint } from "../core/configured-endpoint.ts";
import type { EndpointBook } from "../core/endpoint-book.ts";
import { type AdminDeps, adminAuth } from "./admin-auth.ts";
import { endpointChanges } from "./endpoint-changes.ts";
import { ListEndpoints } from "./endpoint-fields.ts";
import { endpointForms, FormsShape } from "./endpoint-forms.ts";
import {
  configuredShape,
  EndpointsShape,
  type ShownEndpoint,
  storedShape,
} from "./endpoint-shape.ts";
import { adminRoute } from "./operation.ts";
import { readQuery } from "./read-request.ts";
import { teamOf } from "./team-lookup.ts";

/** What endpoints are kept in, and looked at with. */
export interface EndpointsDeps {
  readonly endpoints: EndpointBook;
  /** Those of the config file that holds. */
  readonly configured: () => readonly ConfiguredEndpoint[];
  /** A sentence where an endpoint of the API may not lead to this target, else null. */
  readonly checkTarget: (target: string) => Promise<string | null>;
  /** What `provider` may name. */
  readonly formatNames: readonly string[];
}

/** `/config/pass_through_endpoint`: endpoints of the file and of the API, in LiteLLM's shapes. */
export const endpoints = (admin: AdminDeps, own: EndpointsDeps) => {
  const all = () => [
    ...own.configured().map(configuredShape),
    ...own.endpoints.all().map(storedShape),
  ];
  const ofTeam = (id: string, place?: string) => {
    const { allowedPassThroughRoutes: list } = teamOf(admin.book, id, place);
    return all().filter(({ path }) => list.length === 0 || list.some((one) => covers(one, path)));
  };

  return new Elysia({ name: "endpoints" })
    .use(adminAuth(admin))
    .get(
      "/config/pass_through_endpoint",
      ({ request }) => {
        const { endpoint_id: id, team_id: team } = readQuery(request, ListEndpoints);
        const shown = team === undefined ? all() : ofTeam(team);
        return reply(id === undefined ? shown : shown.filter((one) => one.id === id), id);
      },
      adminRoute(listed),
    )
    .get(
      "/config/pass_through_endpoint/schema",
      () => Response.json(endpointForms(own.formatNames)),
      adminRoute(described),
    )
    .get(
      "/config/pass_through_endpoint/team/:team_id",
      ({ params }) => reply(ofTeam(params.team_id)),
      adminRoute(listedForTeam),
    )
    .use(endpointChanges(admin, own));
};

/** `id`: where one was asked for, so that its version can be told as an ETag. */
function reply(shown: readonly ShownEndpoint[], id?: string): Response {
  const version = id === undefined ? null : (shown[0]?.version ?? null);
  const headers = version === null ? {} : { etag: `"${version}"` };
  return Response.json({ endpoints: shown }, { headers });
}

/** An entry stands for what is below it too, with or without `/*`, as it does for calls. */
function covers(entry: string, path: unknown): boolean {
  if (typeof path !== "string") return false;
  if (entry === "/*" || entry === path) return true;
  const base = entry.replace(/\/\*?$/, "");
  return base !== "" && (path === base || path.startsWith(`${base}/`));
}

const listed = {
  tag: "endpoints",
  summary: "List endpoints",
  description:
    "Those of the config file first, which can be changed there alone. Secrets are masked. One that is asked for by endpoint_id comes with its version as ETag.",
  query: ListEndpoints,
  reply: EndpointsShape,
};

const described = {
  tag: "endpoints",
  summary: "What an endpoint may have",
  description: "Every key that endpoints made through the API may have, in words, for forms.",
  reply: FormsShape,
};

const listedForTeam = {
  tag: "endpoints",
  summary: "List a team's endpoints",
  description:
    "Those that the team's allowed_passthrough_routes name; all of them where it has no such list.",
  reply: EndpointsShape,
};
