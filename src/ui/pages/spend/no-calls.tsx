import { useApi } from "../../api.ts";
import { curlToCall } from "../../curl.ts";
import { CodeBlock } from "../../parts/code-block.tsx";
import { EmptyState } from "../../parts/empty.tsx";
import type { RoutesReply } from "../../replies.ts";

/** No call in these days: how to make one. */
export function NoCalls() {
  const { data } = useApi<RoutesReply>("/routes");
  const [route] = data?.routes ?? [];
  return (
    <EmptyState
      title="No calls in these days."
      text="Choose a longer time, or make a call: it is counted here within a second."
    >
      {route !== undefined && (
        <CodeBlock
          text={curlToCall(route, location.origin)} // its path has the root path
          label="A call to this gateway"
          wrap
        />
      )}
    </EmptyState>
  );
}
