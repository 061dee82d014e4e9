import { useEffect, useState } from "react";
import { ApiError } from "../../api.ts";
import type { EndpointReply } from "../../replies.ts";
import type { SchemaReply, Settings } from "../../endpoint.ts";
import { changeEndpoint, createEndpoint, readEndpoint } from "../../endpoint-api.ts";
import { changesOf, isSame, newRoute, rebased, settingsOf, valuesOf } from "./form-state.ts";
import type { RouteFormLink } from "./form-context.ts";
import type { RouteValues } from "./form-state.ts";
import type { Faults } from "../../fault-places.ts";
import { localFaults } from "./local-faults.ts";
import { noNumber } from "../../parts/number-text.ts";
import { useDryRun } from "./use-dry-run.ts";

/** What came of saving. */
export type Saved =
  | { readonly kind: "saved"; readonly endpoint: EndpointReply }
  | { readonly kind: "unchanged" }
  | { readonly kind: "faulty" }
  | { readonly kind: "conflict"; readonly theirs: EndpointReply }
  | { readonly kind: "failed"; readonly error: unknown };

/** The state of the form, and what its buttons do. */
export function useRouteForm(loaded: EndpointReply | null, schema: SchemaReply | undefined) {
  const [stored, setStored] = useState(loaded);
  const [base, setBase] = useState(() => (loaded === null ? newRoute() : valuesOf(loaded)));
  const [values, setValues] = useState(base);
  const [touched, setTouched] = useState<ReadonlySet<string>>(new Set());
  const [isBusy, setBusy] = useState(false);

  const isNew = stored === null;
  const local = localFaults(values, isNew ? null : base, schema);
  const isSound = Object.keys(local).length === 0;
  const isDirty = !isSame(values, base);
  const sent = isNew ? newSettings(values) : changesOf(settingsOf(base), settingsOf(values));
  const hasChanges = Object.keys(sent).length > 0;
  const dryRun = useDryRun(stored?.id ?? null, isSound && isDirty && hasChanges ? sent : null);

  const set = (changes: Partial<RouteValues>) => {
    setValues((present) => ({ ...present, ...changes }));
    dryRun.forget(Object.keys(changes).flatMap((name) => [name, name.replace(/_.*$/, "")]));
  };
  const touch = (name: string) =>
    setTouched((present) => (present.has(name) ? present : new Set([...present, name])));

  const startFrom = (endpoint: EndpointReply, mine: RouteValues | null) => {
    const theirs = valuesOf(endpoint);
    setStored(endpoint);
    setBase(theirs);
    setValues(mine === null ? theirs : rebased(base, mine, theirs));
    setTouched(new Set());
  };

  useEffect(() => {
    if (loaded !== null && !isDirty && isNewer(loaded, stored)) startFrom(loaded, null);
  }, [loaded]); // what was shown first may be what the page remembered

  const save = async (): Promise<Saved> => {
    setTouched(new Set([...touched, ...Object.keys(local)]));
    if (!isSound) return { kind: "faulty" };
    if (!hasChanges) return { kind: "unchanged" };
    setBusy(true);
    try {
      const endpoint =
        stored === null
          ? await createEndpoint(sent)
          : await changeEndpoint(stored.id, sent, stored.version ?? null);
      startFrom(endpoint, null);
      return { kind: "saved", endpoint };
    } catch (error) {
      if (error instanceof ApiError && error.status === 400) {
        dryRun.show(error);
        return { kind: "faulty" };
      }
      return await conflictOr(error, stored);
    } finally {
      setBusy(false);
    }
  };

  const shown = Object.entries(local).filter(
    ([name, text]) => touched.has(name) || text === noNumber,
  );
  const faults: Faults = { ...dryRun.faults, ...Object.fromEntries(shown) };
  const link: RouteFormLink = { values, set, touch, faults, schema, isNew };
  return {
    link,
    stored,
    base,
    isDirty,
    isBusy,
    check: dryRun.state,
    others: dryRun.others,
    save,
    loadTheirs: (theirs: EndpointReply) => startFrom(theirs, null),
    keepMine: (theirs: EndpointReply) => startFrom(theirs, values),
  };
}

export type RouteForm = ReturnType<typeof useRouteForm>;

function newSettings(values: RouteValues): Settings {
  const id = values.id.trim();
  return { ...(id === "" ? {} : { id }), ...settingsOf(values) };
}

function isNewer(loaded: EndpointReply, stored: EndpointReply | null): boolean {
  const { updated_at: now }: Settings = loaded;
  const { updated_at: before }: Settings = stored ?? {};
  return typeof now === "string" && typeof before === "string" && now > before;
}

/** A conflict with what the route has become, where it can be read; else the error itself. */
async function conflictOr(error: unknown, stored: EndpointReply | null): Promise<Saved> {
  const isConflict = error instanceof ApiError && error.status === 409;
  if (!isConflict || stored === null) return { kind: "failed", error };
  try {
    const theirs = await readEndpoint(stored.id);
    return theirs === null ? { kind: "failed", error } : { kind: "conflict", theirs };
  } catch {
    return { kind: "failed", error };
  }
}
