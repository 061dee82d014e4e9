import "./routes.css";
import { useApi } from "../../api.ts";
import { ButtonLink } from "../../parts/button.tsx";
import { EmptyState } from "../../parts/empty.tsx";
import { ErrorNote } from "../../parts/error-note.tsx";
import { PageHeader } from "../../parts/page-header.tsx";
import { Skeleton } from "../../parts/progress.tsx";
import type { EndpointsReply } from "../../replies.ts";
import { RouteEditor } from "./editor.tsx";
import type { SchemaReply } from "../../endpoint.ts";
import { routeIdOf } from "../../hrefs.ts";
import { endpointsPath } from "../../endpoint-api.ts";
import { FileRoute } from "./file-route.tsx";

/** One route: makes it, changes it, or shows what the configuration file says of it. */
export function RouteFormPage() {
  const id = routeIdOf(location.pathname);
  const { data: schema } = useApi<SchemaReply>(`${endpointsPath}/schema`);
  if (id === null) return <RouteEditor key="" endpoint={null} schema={schema} />;
  return <KnownRoute key={id} id={id} schema={schema} />;
}

interface KnownRouteProps {
  readonly id: string;
  readonly schema: SchemaReply | undefined;
}

function KnownRoute({ id, schema }: KnownRouteProps) {
  const { data, error, reload } = useApi<EndpointsReply>(endpointsPath, { endpoint_id: id });
  const endpoint = data?.endpoints.find((one) => one.id === id);
  const back = { href: "/routes", label: "Routes" };
  if (endpoint !== undefined) {
    return endpoint.is_from_config ? (
      <FileRoute endpoint={endpoint} schema={schema} />
    ) : (
      <RouteEditor endpoint={endpoint} schema={schema} />
    );
  }
  return (
    <>
      <PageHeader title="Route" back={back} />
      {error !== undefined ? (
        <ErrorNote error={error} what="The route could not be read." retry={() => void reload()} />
      ) : data === undefined ? (
        <Skeleton lines={8} />
      ) : (
        <EmptyState title="There is no such route." text="It may have been deleted meanwhile.">
          <ButtonLink href="/routes" kind="primary">
            See all routes
          </ButtonLink>
        </EmptyState>
      )}
    </>
  );
}
