import { useEffect } from "react";
import { Redirect, Route, Router, Switch, useLocation } from "wouter";
import { rootPath, useApi } from "./api.ts";
import { ErrorBoundary } from "./error-boundary.tsx";
import { Frame } from "./frame.tsx";
import { loadPagesWhenIdle, pages } from "./pages.tsx";
import { NotFoundPage } from "./pages/not-found.tsx";
import { SignInPage } from "./pages/sign-in.tsx";
import { ErrorNote } from "./parts/error-note.tsx";
import { Spinner } from "./parts/progress.tsx";
import { Toasts } from "./parts/toast.tsx";
import type { SessionReply } from "./replies.ts";
import { sessionIs, useSessionState } from "./session.ts";
import { SignInAgain } from "./sign-in-again.tsx";

/** The whole page. */
export function App() {
  return (
    <Router base={`${rootPath}/ui`}>
      <Gate />
      <Toasts />
    </Router>
  );
}

/** Asks who is there, then shows the sign-in or the pages. */
function Gate() {
  const { session } = useSessionState();
  const { data, error, reload } = useApi<SessionReply>("/ui/session");
  useEffect(() => {
    if (data !== undefined) sessionIs(data);
  }, [data]);

  if (session === null) {
    return (
      <main className="sign-in">
        {error === undefined ? (
          <Spinner />
        ) : (
          <ErrorNote error={error} what="The gateway did not answer." retry={() => void reload()} />
        )}
      </main>
    );
  }
  if (!session.signed_in) return <SignInPage session={session} />;
  return (
    <>
      <Frame session={session}>
        <Pages />
      </Frame>
      <SignInAgain />
    </>
  );
}

function Pages() {
  const [location] = useLocation();
  useEffect(() => void loadPagesWhenIdle(), []);
  return (
    <ErrorBoundary key={location}>
      <Switch>
        <Route path="/">
          <Redirect to="/routes" replace />
        </Route>
        {pages.map(([path, page]) => (
          <Route key={path} path={path} component={page} />
        ))}
        <Route>
          <NotFoundPage />
        </Route>
      </Switch>
    </ErrorBoundary>
  );
}
