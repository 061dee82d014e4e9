import { ButtonLink } from "../../parts/button.tsx";
import { CodeBlock } from "../../parts/code-block.tsx";
import { EmptyState } from "../../parts/empty.tsx";
import { rootPath } from "../../api.ts";
import { curlToChange } from "../../curl.ts";
import { endpointsPath } from "../../endpoint-api.ts";

/** Where there is nothing to test yet. */
export function NoRoutes() {
  const route = { path: "/sample", target: "tollgate://sample", include_subpath: true };
  const command = curlToChange(location.origin + rootPath, endpointsPath, route);
  return (
    <EmptyState
      title="There is no route to test yet."
      text="Make one here, or from a shell. This one goes to the sample upstream inside the gateway, which needs no key:"
    >
      <ButtonLink href="/routes/new" kind="primary">
        Create a route
      </ButtonLink>
      <CodeBlock text={command} label="curl command that makes a route" wrap />
    </EmptyState>
  );
}
