import { useState } from "react";
import { useLocation } from "wouter";
import { useReload } from "../../api.ts";
import { Button, ButtonLink, CopyButton } from "../../parts/button.tsx";
import { ConfirmDialog } from "../../parts/dialog.tsx";
import { useToast } from "../../parts/toast.tsx";
import type { EndpointReply } from "../../replies.ts";
import { routeLogsHref, testHref } from "../../hrefs.ts";
import { offText } from "../../endpoint.ts";
import { endpointsPath, removeEndpoint } from "../../endpoint-api.ts";
import { yamlOf } from "./yaml.ts";

/** What can be done with a route beside changing it. */
export function RouteActions({ endpoint }: { readonly endpoint: EndpointReply }) {
  const { id, is_from_config: isFromFile } = endpoint;
  return (
    <>
      {offText(endpoint) === null && <ButtonLink href={testHref(id)}>Test</ButtonLink>}
      <ButtonLink href={routeLogsHref(id)}>Logs</ButtonLink>
      <CopyButton text={yamlOf(endpoint)} label="Copy as YAML" />
      {!isFromFile && <DeleteRoute endpoint={endpoint} />}
    </>
  );
}

function DeleteRoute({ endpoint }: { readonly endpoint: EndpointReply }) {
  const [isAsked, setAsked] = useState(false);
  const [, navigate] = useLocation();
  const reload = useReload();
  const toast = useToast();
  const remove = async () => {
    await removeEndpoint(endpoint);
    toast(`${endpoint.path} is deleted: callers get 404 from now on.`);
    navigate("/routes");
    await reload(endpointsPath);
  };
  return (
    <>
      <Button kind="danger" onClick={() => setAsked(true)}>
        Delete
      </Button>
      <ConfirmDialog
        open={isAsked}
        onClose={() => setAsked(false)}
        title={`Delete ${endpoint.path}?`}
        text="Calls of this route get 404 at once. What was logged of it stays."
        action="Delete the route"
        typed={endpoint.path}
        danger
        onConfirm={remove}
      />
    </>
  );
}
