import { ButtonLink } from "../../parts/button.tsx";
import { CodeBlock } from "../../parts/code-block.tsx";
import { EmptyState } from "../../parts/empty.tsx";
import { rootPath } from "../../api.ts";

/** Where there is nothing to test yet. */
export function NoRoutes() {
  const command = [
    `curl -X POST '${location.origin}${rootPath}/config/pass_through_endpoint'`,
    `-H "authorization: Bearer $LITELLM_MASTER_KEY"`,
    `-H 'content-type: application/json'`,
    `-d '{"path": "/sample", "target": "tollgate://sample", "include_subpath": true}'`,
  ].join(" \\\n  ");
  return (
    <EmptyState
      title="There is no route to test yet"
      text="Make one here, or from a shell. This one goes to the sample upstream inside the gateway, which needs no key:"
    >
      <ButtonLink href="/routes/new" kind="primary">
        Create a route
      </ButtonLink>
      <CodeBlock text={command} label="curl command that makes a route" wrap />
    </EmptyState>
  );
}
