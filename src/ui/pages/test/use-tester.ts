import { useEffect, useState } from "react";
import { useSearchParams } from "wouter";
import { type ApiError, useApi } from "../../api.ts";
import type { LogDetailReply, RouteReply, RoutesReply } from "../../replies.ts";
import { emptyForm, type TestForm } from "./form.ts";
import { withRoute } from "./form-changes.ts";
import { formOfLog } from "./from-log.ts";
import { keep, keptFor } from "./memory.ts";
import { TestRun } from "./run.ts";

/** The form and its call. */
export interface Tester {
  readonly form: TestForm;
  readonly setForm: (form: TestForm) => void;
  readonly run: TestRun | null;
  /** Undefined while they load. */
  readonly routes: readonly RouteReply[] | undefined;
  readonly routesError: ApiError | undefined;
  /** The route or call that the address names is being read. */
  readonly isFilling: boolean;
  readonly sourceError: Error | undefined;
  readonly send: () => void;
}

interface State {
  readonly source: string;
  readonly form: TestForm;
  readonly run: TestRun | null;
  /** The form is that of its source, or what was made of it. */
  readonly isFilled: boolean;
}

/** The tester of `?route=ID`, of `?from=CALL`, or of whatever was typed last. */
export function useTester(owner: string, hasMasterKey: boolean): Tester {
  const [query] = useSearchParams();
  const routeId = query.get("route");
  const callId = query.get("from");
  const source = callId !== null ? `from ${callId}` : routeId !== null ? `route ${routeId}` : "";
  const [state, setState] = useState<State>(() => beginning(owner, source, hasMasterKey));
  const { data: listed, error: routesError } = useApi<RoutesReply>("/routes");
  const isOpen = !state.isFilled && state.source === source;
  const logPath = `/spend/logs/ui/${encodeURIComponent(callId ?? "")}`;
  const { data: log, error: logError } = useApi<LogDetailReply>(
    isOpen && callId !== null ? logPath : null,
  );
  const routes = listed?.routes;

  useEffect(() => {
    if (state.source !== source) setState(beginning(owner, source, hasMasterKey));
  }, [state.source, source, owner, hasMasterKey]);
  useEffect(() => {
    if (!isOpen) return;
    const form = filledForm({ routeId, callId, routes, log }, state.form, hasMasterKey);
    if (form !== null) setState({ source, form, run: null, isFilled: true });
  }, [isOpen, routeId, callId, routes, log, state.form, source, hasMasterKey]);
  useEffect(() => {
    if (state.isFilled) keep({ owner, ...state });
  }, [owner, state]);

  const lacksRoute =
    isOpen && callId === null && routes !== undefined && !routes.some(({ id }) => id === routeId);
  const sourceError = lacksRoute
    ? new Error("There is no such route any more: choose another.")
    : logError;
  return {
    form: state.form,
    setForm: (form) => setState((before) => ({ ...before, form, isFilled: true })),
    run: state.run,
    routes,
    routesError,
    isFilling: isOpen && sourceError === undefined && routesError === undefined,
    sourceError: isOpen ? sourceError : undefined,
    send: () => {
      state.run?.stop();
      const run = new TestRun(state.form);
      setState((before) => ({ ...before, run, isFilled: true }));
    },
  };
}

function beginning(owner: string, source: string, hasMasterKey: boolean): State {
  const kept = keptFor(owner, source);
  if (kept !== null) return { source, form: kept.form, run: kept.run, isFilled: true };
  return { source, form: emptyForm(hasMasterKey), run: null, isFilled: source === "" };
}

interface Sources {
  readonly routeId: string | null;
  readonly callId: string | null;
  readonly routes: readonly RouteReply[] | undefined;
  readonly log: LogDetailReply | undefined;
}

/** Null while what it is to be filled in from is not there. */
function filledForm(
  { routeId, callId, routes, log }: Sources,
  form: TestForm,
  hasMasterKey: boolean,
): TestForm | null {
  if (callId !== null) return log?.request_id === callId ? formOfLog(log, hasMasterKey) : null;
  const route = routes?.find(({ id }) => id === routeId);
  return route === undefined ? null : withRoute(form, route);
}
