import { useMemo } from "react";
import { useApi, type UseApiOptions } from "../api.ts";
import type { RoutesReply } from "../replies.ts";

/** Gives a function from a route's id to its path; of a route that is gone, the id. */
export function useRouteName(options: UseApiOptions = {}): (id: string) => string {
  const { data } = useApi<RoutesReply>("/routes", {}, options);
  return useMemo(() => {
    const paths = new Map(data?.routes.map(({ id, path }) => [id, path]));
    return (id) => paths.get(id) ?? id;
  }, [data]);
}

/** A route by its path. */
export function RouteName({ id }: { readonly id: string }) {
  return <span className="mono break">{useRouteName()(id)}</span>;
}
