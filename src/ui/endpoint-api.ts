import { api } from "./api.ts";
import type { EndpointReply, EndpointsReply } from "./replies.ts";
import type { Settings } from "./endpoint.ts";

/** Where endpoints are read and changed. */
export const endpointsPath = "/config/pass_through_endpoint";

/** Makes an endpoint; throws an `ApiError`. */
export async function createEndpoint(settings: Settings): Promise<EndpointReply> {
  return only(await api.post<EndpointsReply>(endpointsPath, settings));
}

/** Changes one that still has this version; throws an `ApiError`, 409 where it has another. */
export async function changeEndpoint(
  id: string,
  changes: Settings,
  version: number | null,
): Promise<EndpointReply> {
  const body = version === null ? changes : { ...changes, version };
  return only(await api.post<EndpointsReply>(pathOf(id), body));
}

/** The endpoint as it is now; null where there is none. */
export async function readEndpoint(id: string): Promise<EndpointReply | null> {
  const { endpoints } = await api.get<EndpointsReply>(endpointsPath, { endpoint_id: id });
  return endpoints[0] ?? null;
}

/** Removes one that still has this version. */
export async function removeEndpoint({ id, version }: EndpointReply): Promise<void> {
  await api.delete(endpointsPath, { endpoint_id: id, version: version ?? null });
}

/** Asks whether a change (of a new endpoint: `id` null) would be taken, and makes none; throws an `ApiError`. */
export async function tryEndpoint(
  id: string | null,
  settings: Settings,
  signal: AbortSignal,
): Promise<void> {
  const path = id === null ? endpointsPath : pathOf(id);
  await api.raw(path, { method: "POST", query: { dry_run: true }, body: settings, signal });
}

function pathOf(id: string): string {
  return `${endpointsPath}/${encodeURIComponent(id)}`;
}

function only({ endpoints }: EndpointsReply): EndpointReply {
  const [endpoint] = endpoints;
  if (endpoint === undefined) throw new Error("The gateway did not say what it made of the route.");
  return endpoint;
}
