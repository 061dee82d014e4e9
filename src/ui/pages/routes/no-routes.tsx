import { useState } from "react";
import { useLocation } from "wouter";
import { rootPath, useReload } from "../../api.ts";
import { Button, ButtonLink } from "../../parts/button.tsx";
import { CodeBlock } from "../../parts/code-block.tsx";
import { EmptyState } from "../../parts/empty.tsx";
import { ErrorNote } from "../../parts/error-note.tsx";
import { useToast } from "../../parts/toast.tsx";
import { curlToChange } from "../../curl.ts";
import { routeHref } from "../../hrefs.ts";
import { createEndpoint, endpointsPath } from "../../endpoint-api.ts";

const sampleRoute = { path: "/sample", target: "tollgate://sample", include_subpath: true };

/** What a route is, and the three ways to the first one. */
export function NoRoutes() {
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const [, navigate] = useLocation();
  const reload = useReload();
  const toast = useToast();

  const makeSample = async () => {
    setBusy(true);
    setError(null);
    try {
      const { id, path } = await createEndpoint(sampleRoute);
      toast(`${path} is live.`);
      navigate(`${routeHref(id)}?made=1`);
      await reload(endpointsPath);
    } catch (thrown) {
      setError(thrown);
      setBusy(false);
    }
  };
  return (
    <EmptyState
      title="There is no route yet."
      text="A route is a path of this gateway and the API behind it: /bria goes to https://engine.prod.bria-api.com. Callers show a key of this gateway; the gateway adds the API's own key, keeps to limits and budgets, and writes down what each call cost."
    >
      <div className="row">
        <ButtonLink href="/routes/new" kind="primary">
          Create the first route
        </ButtonLink>
        <Button busy={isBusy} onClick={() => void makeSample()}>
          Make the sample route
        </Button>
      </div>
      <p className="muted">
        The sample route leads to an upstream inside this gateway: it needs no provider's key.
      </p>
      {error !== null && <ErrorNote error={error} what="The sample route was not made." />}
      <p>Or from a shell, with the master key:</p>
      <CodeBlock text={curlToAdd()} label="curl command that adds a route" wrap />
    </EmptyState>
  );
}

function curlToAdd(): string {
  return curlToChange(location.origin + rootPath, endpointsPath, {
    path: "/bria",
    target: "https://engine.prod.bria-api.com",
    headers: { api_token: "YOUR_BRIA_TOKEN" },
    include_subpath: true,
  });
}
