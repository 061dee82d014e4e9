import { type FormEvent, type KeyboardEvent, useRef, useState } from "react";
import { shownPath } from "../../endpoint.ts";
import { Card } from "../../parts/card.tsx";
import { ErrorNote } from "../../parts/error-note.tsx";
import { Field, Select, TextInput } from "../../parts/field.tsx";
import { PairsEditor } from "../../parts/pairs.tsx";
import { BodyFields } from "./body-fields.tsx";
import { methodOf, methods } from "../../methods.ts";
import { isSecretName } from "./form.ts";
import { withBody, withRoute } from "./form-changes.ts";
import { KeyField } from "./key-field.tsx";
import { faultsOf } from "./order.ts";
import { routeFor } from "./route-match.ts";
import { SendButton } from "./send-button.tsx";
import type { Tester } from "./use-tester.ts";

export interface RequestCardProps {
  readonly tester: Tester;
  readonly hasMasterKey: boolean;
}

/** The call to send. */
export function RequestCard({ tester, hasMasterKey }: RequestCardProps) {
  const { form, setForm, routes, routesError } = tester;
  const [isTried, setTried] = useState(false);
  const element = useRef<HTMLFormElement>(null);
  const faults = isTried ? faultsOf(form) : {};

  const submit = (event: FormEvent | KeyboardEvent) => {
    event.preventDefault();
    setTried(true);
    if (Object.keys(faultsOf(form)).length === 0) return tester.send();
    requestAnimationFrame(() => focusFault(element.current));
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) submit(event);
  };
  return (
    <Card title="Request">
      <form ref={element} className="test-form" noValidate onSubmit={submit} onKeyDown={onKeyDown}>
        {routesError !== undefined && (
          <ErrorNote error={routesError} what="The routes could not be read." />
        )}
        <RouteField tester={tester} />
        <Line tester={tester} fault={faults.path} />
        <div className="grid-2">
          <BodyFields
            method={form.method}
            body={form.body}
            error={faults.body}
            onChange={(body) => setForm(withBody(form, body))}
          />
          <div className="test-beside">
            <KeyField
              chosen={form.key}
              hasMasterKey={hasMasterKey}
              error={faults.key}
              onChange={(key) => setForm({ ...form, key })}
            />
            <PairsEditor
              legend="Headers"
              pairs={form.headers}
              onChange={(headers) => setForm({ ...form, headers })}
              secret={isSecretName}
              nameLabel="Header name"
              valueLabel="Header value"
              addText="Add a header"
              error={faults.headers ?? ""}
            />
          </div>
        </div>
        <SendButton run={tester.run} isReady={routes !== undefined || routesError !== undefined} />
      </form>
    </Card>
  );
}

function focusFault(form: HTMLFormElement | null): void {
  const field = form?.querySelector<HTMLElement>("[aria-invalid]");
  (field ?? form?.querySelector<HTMLElement>(".field-error"))?.focus();
}

interface LineProps {
  readonly tester: Tester;
  readonly fault: string | undefined;
}

function Line({ tester: { form, setForm }, fault }: LineProps) {
  return (
    <div className="test-line">
      <Field label="Method">
        <Select
          value={form.method}
          onChange={(method) => setForm({ ...form, method: methodOf(method) ?? "GET" })}
          options={methods.map((method) => ({ value: method, label: method }))}
        />
      </Field>
      <Field label="Path and query" error={fault}>
        <TextInput
          mono
          inputMode="url"
          placeholder="/sample/v1/chat/completions"
          value={form.path}
          onChange={(path) => setForm({ ...form, path })}
        />
      </Field>
    </div>
  );
}

/** Which route the path is served by; choosing another one fills in a call that fits it. */
function RouteField({ tester: { form, setForm, routes } }: { readonly tester: Tester }) {
  const serving = routeFor(routes ?? [], form.method, form.path);
  const free =
    form.path.trim() === "" ? "Choose a route" : "No route serves this path with this method";
  const options = (routes ?? []).map((route) => ({
    value: route.id,
    label: `${route.methods === null ? "" : `${route.methods.join(", ")} `}${shownPath(route)} → ${route.target}`,
  }));
  return (
    <Field
      label="Route"
      hint="Choosing one fills in a call that fits it; any path may be typed too."
    >
      <Select
        className="test-route"
        value={serving?.id ?? ""}
        onChange={(id) => {
          const route = routes?.find((one) => one.id === id);
          if (route !== undefined) setForm(withRoute(form, route));
        }}
        options={[{ value: "", label: free }, ...options]}
      />
    </Field>
  );
}
