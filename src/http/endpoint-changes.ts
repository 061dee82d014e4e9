import { Elysia } from "elysia";
import type { EndpointSettings, StoredEndpoint } from "../core/endpoint-book.ts";
import { maskedTarget } from "../core/endpoint-secrets.ts";
import { GatewayError } from "../core/errors.ts";
import { type AdminDeps, adminAuth } from "./admin-auth.ts";
import { merged, settingsFaults, settingsIn } from "./endpoint-faults.ts";
import { CreateEndpoint, DryRun, RemoveEndpoint, UpdateEndpoint } from "./endpoint-fields.ts";
import { endpointFields, givenId, refuseFaults } from "./endpoint-refusal.ts";
import { EndpointsShape, storedShape, triedShape } from "./endpoint-shape.ts";
import { bodyVersion, wantedVersion } from "./endpoint-version.ts";
import type { EndpointsDeps } from "./endpoints.ts";
import { refuse } from "./field-faults.ts";
import { adminRoute } from "./operation.ts";
import { readQuery } from "./read-request.ts";
import { tellingStore } from "./telling-store.ts";

/** The part of `/config/pass_through_endpoint` that makes, changes and removes. */
export const endpointChanges = (admin: AdminDeps, own: EndpointsDeps) => {
  const create = async (request: Request, actor: string) => {
    const { dry_run: isTry = false } = readQuery(request, DryRun);
    const { fields: given, faults } = await endpointFields(request);
    const { id, faults: idFaults } = givenId(given["id"], own);
    if (id !== null) refuseConfigured(own, id);
    const settings = merged({}, settingsIn(given));
    const wrong = [...faults, ...idFaults, ...settingsFaults(settings, settings)];
    const attempt = { kind: "create", id, settings } as const;
    await refuseFaults(own, attempt, { faults: wrong, target: settings["target"] });
    if (!isTry) return changed(tellingStore(() => own.endpoints.create(id, settings, actor)));
    tellingStore(() => own.endpoints.tryOut(attempt));
    return tried(id, settings);
  };

  const update = async (request: Request, id: string, actor: string) => {
    const { dry_run: isTry = false } = readQuery(request, DryRun);
    refuseConfigured(own, id);
    const { fields: given, faults } = await endpointFields(request);
    const current = endpointOf(own, id);
    const changes = settingsIn(given);
    const next = merged(current.settings, changes);
    const renamed = (given["id"] ?? id) === id ? [] : ["id: an endpoint keeps its id."];
    const stated = bodyVersion(given["version"]);
    const wrong = [...faults, ...renamed, ...stated.faults, ...settingsFaults(changes, next)];
    const version = wantedVersion(request, stated.version);
    const attempt = { kind: "change", id, changes, version } as const;
    const target = isNewTarget(changes, current) ? changes["target"] : null;
    await refuseFaults(own, attempt, { faults: wrong, target });
    if (!isTry) {
      return changed(tellingStore(() => own.endpoints.change(id, changes, version, actor)));
    }
    tellingStore(() => own.endpoints.tryOut(attempt));
    return tried(id, next);
  };

  return new Elysia({ name: "endpoint-changes" })
    .use(adminAuth(admin))
    .post(
      "/config/pass_through_endpoint",
      ({ request, actor }) => create(request, actor),
      adminRoute(created),
    )
    .post(
      "/config/pass_through_endpoint/:endpoint_id",
      ({ request, params, actor }) => update(request, params.endpoint_id, actor),
      adminRoute(updated),
    )
    .delete(
      "/config/pass_through_endpoint",
      ({ request, actor }) => {
        const { endpoint_id: id, version } = readQuery(request, RemoveEndpoint);
        refuseConfigured(own, id);
        endpointOf(own, id);
        const wanted = wantedVersion(request, version ?? null);
        return changed(tellingStore(() => own.endpoints.remove(id, wanted, actor)));
      },
      adminRoute(removed),
    );
};

function changed(endpoint: StoredEndpoint): Response {
  const headers = { etag: `"${endpoint.version}"` };
  return Response.json({ endpoints: [storedShape(endpoint)] }, { headers });
}

function tried(id: string | null, settings: EndpointSettings): Response {
  return Response.json({ endpoints: [triedShape(id, settings)], dry_run: true });
}

function refuseConfigured({ configured }: EndpointsDeps, id: string): void {
  const owner = configured().find((one) => one.id === id);
  if (owner === undefined) return;
  const { file, line, settings } = owner;
  const path = String(settings["path"]);
  throw refuse([`${path} is defined in ${file}, line ${line}: change it there.`]);
}

function endpointOf({ endpoints }: EndpointsDeps, id: string): StoredEndpoint {
  const endpoint = endpoints.find(id);
  if (endpoint !== null) return endpoint;
  throw new GatewayError("not_found", { detail: "No endpoint has this id." });
}

/** A masked target that is sent back is the one that is there. */
function isNewTarget({ target }: EndpointSettings, { settings }: StoredEndpoint): boolean {
  const present = String(settings["target"]);
  return target !== undefined && target !== present && target !== maskedTarget(present);
}

const created = {
  tag: "endpoints",
  summary: "Make an endpoint",
  description:
    "It is served at once, at its path and, with include_subpath, below it: of two the longer path wins, also below a path of the config file. A key is needed unless auth says otherwise. With dry_run it is only checked.",
  query: DryRun,
  body: CreateEndpoint,
  reply: EndpointsShape,
};

const updated = {
  tag: "endpoints",
  summary: "Change an endpoint",
  description:
    "What is left out stays as it is; null gives a member its default again (LiteLLM passes null over). Where the target's server or the check of its certificate becomes another, every secret has to be written again. With a version, in the body or as If-Match, it is changed only if it still has that one: else 409.",
  query: DryRun,
  body: UpdateEndpoint,
  reply: EndpointsShape,
};

const removed = {
  tag: "endpoints",
  summary: "Remove an endpoint",
  description:
    "Its path answers 404 at once. With a version, or If-Match, only if it still has it.",
  query: RemoveEndpoint,
  reply: EndpointsShape,
};
