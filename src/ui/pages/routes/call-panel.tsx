import { useEffect, useRef } from "react";
import { rootPath } from "../../api.ts";
import { ButtonLink } from "../../parts/button.tsx";
import { Card } from "../../parts/card.tsx";
import { CodeBlock } from "../../parts/code-block.tsx";
import type { EndpointReply } from "../../replies.ts";
import { asksForPath, curlToCall, keyPlaceholder, pathPlaceholder } from "../../curl.ts";
import { routeLogsHref, testHref } from "../../hrefs.ts";

export interface CallPanelProps {
  readonly endpoint: EndpointReply;
  /** It was made a moment ago: says so, and takes the focus. */
  readonly isJustMade?: boolean;
}

/** How to call a route, and where to go on. */
export function CallPanel({ endpoint, isJustMade = false }: CallPanelProps) {
  const panel = useRef<HTMLDivElement>(null);
  const needsKey = endpoint.auth !== false;
  const curl = curlToCall(endpoint, location.origin + rootPath);
  useEffect(() => {
    if (isJustMade) panel.current?.focus();
  }, [isJustMade]);
  return (
    <div ref={panel} tabIndex={-1} className="routes-panel">
      <Card
        title={isJustMade ? "The route is live: what now?" : "Call it"}
        actions={
          <>
            <ButtonLink href={testHref(endpoint.id)} kind={isJustMade ? "primary" : "plain"}>
              Test it
            </ButtonLink>
            <ButtonLink href={routeLogsHref(endpoint.id)}>See its logs</ButtonLink>
          </>
        }
      >
        <p>
          {needsKey && (
            <>
              Put a key in place of <code>{keyPlaceholder}</code>
              {asksForPath(curl) ? ", and " : "."}
            </>
          )}
          {asksForPath(curl) && (
            <>
              {needsKey ? "the upstream's own path" : "Put the upstream's own path"} in place of{" "}
              <code>{pathPlaceholder}</code>.
            </>
          )}
        </p>
        <CodeBlock text={curl} label="curl command that calls this route" wrap />
      </Card>
    </div>
  );
}
