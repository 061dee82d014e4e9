import { useMemo } from "react";
import { useApi } from "../api.ts";
import type { EndpointReply, EndpointsReply } from "../replies.ts";
import { endpointsPath } from "../endpoint-api.ts";
import { offText } from "../endpoint.ts";

/** The routes that serve something; empty while they are read. */
export function useRoutes(): readonly EndpointReply[] {
  const { data } = useApi<EndpointsReply>(endpointsPath);
  return useMemo(
    () => data?.endpoints.filter((endpoint) => offText(endpoint) === null) ?? [],
    [data],
  );
}

/** Their paths as they are written, in order, none twice. */
export function useRoutePaths(): readonly string[] {
  const routes = useRoutes();
  return useMemo(() => [...new Set(routes.map(({ path }) => path))].sort(), [routes]);
}
