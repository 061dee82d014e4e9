import { useApi } from "../../api.ts";
import { curlToCall } from "../../curl.ts";
import { ButtonLink } from "../../parts/button.tsx";
import { CodeBlock } from "../../parts/code-block.tsx";
import { EmptyState } from "../../parts/empty.tsx";
import type { RoutesReply } from "../../replies.ts";

/** Nothing was called yet: how to. */
export function FirstCall() {
  const { data } = useApi<RoutesReply>("/routes");
  if (data === undefined) return <EmptyState title="No calls yet." />;
  const [route] = data.routes;
  if (route === undefined) {
    return (
      <EmptyState title="No calls yet." text="There is no route to call: create one first.">
        <ButtonLink href="/routes/new" kind="primary">
          Create a route
        </ButtonLink>
      </EmptyState>
    );
  }
  return (
    <EmptyState
      title="No calls yet."
      text="Make the first one in a shell, or try a route out here. It shows up here when it ended."
    >
      <CodeBlock
        text={curlToCall(route, location.origin)} // its path has the root path
        label="curl command for a first call"
        wrap
      />
      <ButtonLink href="/test">Test a route</ButtonLink>
    </EmptyState>
  );
}
