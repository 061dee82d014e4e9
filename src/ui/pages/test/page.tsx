import "./test.css";
import { useSession } from "../../session.ts";
import { ButtonLink } from "../../parts/button.tsx";
import { EmptyState } from "../../parts/empty.tsx";
import { PageHeader } from "../../parts/page-header.tsx";
import { ErrorNote } from "../../parts/error-note.tsx";
import { Skeleton } from "../../parts/progress.tsx";
import { CodeCard } from "./code-card.tsx";
import { NoRoutes } from "./no-routes.tsx";
import { RequestCard } from "./request-card.tsx";
import { ResultCard } from "./result-card.tsx";
import { useTester } from "./use-tester.ts";

/** Test a route: one call through the gateway, and all that can be told of it. */
export function TestPage() {
  const session = useSession();
  return session === null ? null : (
    <Tester owner={session.actor ?? ""} hasMasterKey={session.has_master_key} />
  );
}

interface TesterProps {
  /** Who is signed in: what was typed is theirs alone. */
  readonly owner: string;
  readonly hasMasterKey: boolean;
}

function Tester({ owner, hasMasterKey }: TesterProps) {
  const tester = useTester(owner, hasMasterKey);
  const { form, run, routes, sourceError } = tester;
  return (
    <>
      <PageHeader
        title="Test a route"
        description="Send one real call through the gateway: it is limited, priced and logged as any other, and tagged tollgate-test."
      />
      {sourceError !== undefined && (
        <ErrorNote error={sourceError} what="The form could not be filled in." />
      )}
      {form.notes.length > 0 && <Notes notes={form.notes} />}
      {tester.isFilling ? (
        <Skeleton lines={8} />
      ) : (
        <>
          {routes?.length === 0 && <NoRoutes />}
          <RequestCard tester={tester} hasMasterKey={hasMasterKey} />
          {run !== null && <ResultCard key={run.startedAt} run={run} />}
          {form.path.trim() !== "" && <CodeCard form={form} />}
          {form.path.trim() === "" && routes !== undefined && routes.length > 0 && <ChooseRoute />}
        </>
      )}
    </>
  );
}

function ChooseRoute() {
  return (
    <EmptyState
      title="Nothing to send yet."
      text="Choose a route above: a call that fits it is filled in. Or type a path, or make a new route first."
    >
      <ButtonLink href="/routes/new">Create a route</ButtonLink>
    </EmptyState>
  );
}

function Notes({ notes }: { readonly notes: readonly string[] }) {
  return (
    <div className="note note-info">
      <p className="note-title">Filled in from a logged call</p>
      {notes.map((note) => (
        <p key={note}>{note}</p>
      ))}
    </div>
  );
}
