import { type FormEvent, useState } from "react";
import { useLocation, useSearch } from "wouter";
import { useReload } from "../../api.ts";
import { Button, ButtonLink } from "../../parts/button.tsx";
import { ErrorNote } from "../../parts/error-note.tsx";
import { PageHeader } from "../../parts/page-header.tsx";
import { useToast } from "../../parts/toast.tsx";
import type { EndpointReply } from "../../replies.ts";
import { CallPanel } from "./call-panel.tsx";
import { ConflictDialog } from "./conflict-dialog.tsx";
import type { SchemaReply } from "../../endpoint.ts";
import { routeHref } from "../../hrefs.ts";
import { endpointsPath } from "../../endpoint-api.ts";
import { FaultSummary } from "./fault-summary.tsx";
import { FoldCards } from "./fold-cards.tsx";
import { FormContext } from "./form-context.ts";
import { LeaveGuard } from "../../parts/leave-guard.tsx";
import { CallersCard, CostCard, HeadersCard, LoggingCard } from "./main-cards.tsx";
import { RouteActions } from "./route-actions.tsx";
import { RouteCard } from "./route-card.tsx";
import { type RouteForm, type Saved, useRouteForm } from "./use-route-form.ts";

export interface RouteEditorProps {
  /** Null makes a new one. */
  readonly endpoint: EndpointReply | null;
  readonly schema: SchemaReply | undefined;
}

/** Makes a route, or changes one that was made here. */
export function RouteEditor({ endpoint, schema }: RouteEditorProps) {
  const form = useRouteForm(endpoint, schema);
  const [result, setResult] = useState<Saved | null>(null);
  const [attempt, setAttempt] = useState(0);
  const after = useAfterSaving(endpoint === null);
  const { stored, link } = form;
  const isMade = new URLSearchParams(useSearch()).get("made") !== null;

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (form.isBusy) return;
    const saved = await form.save();
    setResult(saved);
    if (saved.kind === "faulty") setAttempt((count) => count + 1);
    else setAttempt(0);
    await after(saved);
  };
  return (
    <FormContext value={link}>
      <LeaveGuard isActive={form.isDirty} />
      <PageHeader
        title={stored === null ? "New route" : stored.path}
        description={
          stored === null
            ? "A path of this gateway, and the API that its requests go to."
            : "Made here. Changes hold at once."
        }
        back={{ href: "/routes", label: "Routes" }}
        actions={stored === null ? undefined : <RouteActions endpoint={stored} />}
      />
      {stored !== null && isMade && <CallPanel endpoint={stored} isJustMade />}
      <form className="stack" noValidate onSubmit={(event) => void submit(event)}>
        <FaultSummary faults={link.faults} others={form.others} attempt={attempt} />
        {result?.kind === "failed" && (
          <ErrorNote
            error={result.error}
            what="The route was not saved. What you typed is still here."
          />
        )}
        <RouteCard />
        <HeadersCard />
        <CallersCard />
        <CostCard />
        <LoggingCard />
        <FoldCards />
        <SaveBar form={form} />
      </form>
      {stored !== null && !isMade && <CallPanel endpoint={stored} />}
      {result?.kind === "conflict" && (
        <Conflict form={form} theirs={result.theirs} onDone={() => setResult(null)} />
      )}
    </FormContext>
  );
}

interface ConflictProps {
  readonly form: RouteForm;
  readonly theirs: EndpointReply;
  readonly onDone: () => void;
}

function Conflict({ form, theirs, onDone }: ConflictProps) {
  const then = (take: (theirs: EndpointReply) => void) => () => {
    take(theirs);
    onDone();
  };
  return (
    <ConflictDialog
      base={form.base}
      mine={form.link.values}
      theirs={theirs}
      onLoad={then(form.loadTheirs)}
      onKeep={then(form.keepMine)}
      onClose={onDone}
    />
  );
}

/** Says what was done; a new route goes on at its own page. */
function useAfterSaving(isNew: boolean): (saved: Saved) => Promise<void> {
  const toast = useToast();
  const reload = useReload();
  const [, navigate] = useLocation();
  return async (saved) => {
    if (saved.kind === "unchanged") toast("There is nothing to save.", "info");
    if (saved.kind !== "saved") return;
    const { id, path } = saved.endpoint;
    toast(isNew ? `${path} is live.` : `${path} is saved, and holds from now on.`);
    if (isNew) navigate(`${routeHref(id)}?made=1`, { replace: true });
    await reload(endpointsPath);
  };
}

const checks = {
  idle: "",
  checking: "Checking …",
  good: "The gateway would take it.",
  faulty: "The gateway would refuse it: see above.",
} as const;

function SaveBar({ form }: { readonly form: RouteForm }) {
  const { stored, isBusy, isDirty, check } = form;
  return (
    <div className="routes-save">
      <Button type="submit" kind="primary" busy={isBusy}>
        {stored === null ? "Create the route" : "Save"}
      </Button>
      <ButtonLink href="/routes">Cancel</ButtonLink>
      <span className="muted" role="status">
        {isDirty ? checks[check] : ""}
      </span>
    </div>
  );
}
