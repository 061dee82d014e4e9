import { rootPath, useApi } from "../../api.ts";
import { CodeBlock } from "../../parts/code-block.tsx";
import { EmptyState } from "../../parts/empty.tsx";
import type { RoutesReply } from "../../replies.ts";

/** No call in these days: how to make one. */
export function NoCalls() {
  const { data } = useApi<RoutesReply>("/routes");
  const path = data?.routes[0]?.path ?? "/PATH_OF_A_ROUTE";
  const command = `curl -i '${location.origin}${rootPath}${path.replaceAll("'", "%27")}' \\
  -H 'Authorization: Bearer YOUR_KEY'`;
  return (
    <EmptyState
      title="No calls in these days."
      text="Choose a longer time, or make a call: it is counted here within a second."
    >
      <CodeBlock text={command} label="A call to this gateway" wrap />
    </EmptyState>
  );
}
