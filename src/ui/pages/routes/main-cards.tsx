import { Card } from "../../parts/card.tsx";
import { Field, NumberInput, Select } from "../../parts/field.tsx";
import { PairsEditor } from "../../parts/pairs.tsx";
import { Choices } from "./choices.tsx";
import { hintOf, useRouteFormLink } from "./form-context.ts";
import type { LogChoice } from "./form-state.ts";
import { labelOf } from "./labels.ts";
import { isSecretHeader, referenceWarning } from "./secret-names.ts";
import { FaultLine, NumberSetting, Setting, SwitchSetting } from "./settings.tsx";

/** What the upstream is sent: above all its key. */
export function HeadersCard() {
  const { values, set, faults } = useRouteFormLink();
  return (
    <Card title="Headers">
      <Setting name="headers">
        <PairsEditor
          legend={labelOf("headers")}
          hint="Sent with every call, in place of the caller's own. Each value is taken literally. Once stored, a secret can be replaced but never read."
          pairs={values.headers}
          onChange={(headers) => set({ headers })}
          secret={isSecretHeader}
          warn={referenceWarning}
          nameLabel="Header name"
          valueLabel="Header value"
          addText="Add a header"
          error={faults["headers"]}
        />
      </Setting>
      <SwitchSetting name="forward_headers" />
    </Card>
  );
}

/** Whose calls are served. */
export function CallersCard() {
  const { values, set, faults } = useRouteFormLink();
  return (
    <Card title="Who may call">
      <Setting name="auth">
        <Choices
          legend="A call needs"
          value={values.auth ? "key" : "none"}
          choices={[
            {
              value: "key",
              label: "A valid key",
              hint: "Its limits, budget and allowed routes count.",
            },
            { value: "none", label: "No key: anyone may call" },
          ]}
          onChange={(value) => set({ auth: value === "key" })}
        />
        <FaultLine text={faults["auth"]} />
        {!values.auth && (
          <div className="note note-warn" role="status">
            <p className="note-title">Anyone who reaches this gateway may call this route.</p>
            <p>
              The headers above go upstream with every call, whoever makes it. Choose “A valid key”
              unless that is what you want.
            </p>
          </div>
        )}
      </Setting>
    </Card>
  );
}

/** What a call costs. */
export function CostCard() {
  const { values, set, faults, schema } = useRouteFormLink();
  return (
    <Card title="Cost">
      <NumberSetting
        name="cost_per_request"
        hint="Charged for every reply. 0 is free. Empty: by tokens or units and their prices."
        placeholder="by usage and prices"
      />
      <Setting name="provider">
        <Field
          label={labelOf("provider")}
          hint={hintOf(schema, "provider")}
          error={faults["provider"]}
        >
          <Select
            value={values.provider}
            onChange={(provider) => set({ provider })}
            options={providerOptions(schema?.providers ?? [], values.provider)}
          />
        </Field>
      </Setting>
      <SwitchSetting name="trust_upstream_cost" />
    </Card>
  );
}

function providerOptions(names: readonly string[], chosen: string) {
  const all = new Set([...names.filter((name) => name !== "none").sort(), "none"]);
  if (chosen !== "") all.add(chosen);
  return [
    { value: "", label: "Told by the target and the replies" },
    ...[...all].map((value) => ({
      value,
      label: value === "none" ? "none: usage is not read" : value,
    })),
  ];
}

const logChoices: readonly { value: LogChoice; label: string; hint: string }[] = [
  {
    value: "bodies",
    label: "Log bodies",
    hint: "Requests and replies with their headers, without secrets, and all that is below.",
  },
  {
    value: "metadata",
    label: "Metadata only",
    hint: "Time, key, status, usage, cost. No contents.",
  },
  { value: "off", label: "Nothing", hint: "Calls are added up, and leave no entry in the logs." },
  {
    value: "default",
    label: "As the gateway is set",
    hint: "Metadata, unless its file says more.",
  },
];

/** What is kept of calls. */
export function LoggingCard() {
  const { values, set, faults } = useRouteFormLink();
  return (
    <Card title="Logging">
      <Setting name="log">
        <Choices
          legend={labelOf("log")}
          value={values.log}
          choices={logChoices}
          onChange={(log) => set({ log })}
        />
        {values.log === "bodies" && <BodyLimits />}
        <FaultLine text={faults["log"]} />
      </Setting>
    </Card>
  );
}

function BodyLimits() {
  const { values, set, schema } = useRouteFormLink();
  const words = schema?.fields.find(({ name }) => name === "log")?.fields;
  const hint = (name: string) => words?.find((one) => one.name === name)?.description;
  return (
    <div className="routes-grid">
      <Field label="Bytes of each body" hint={hint("max_bytes")}>
        <NumberInput
          value={values.log_max_bytes}
          placeholder="65536"
          onChange={(most) => set({ log_max_bytes: most })}
        />
      </Field>
      <Field label="Share of the calls" hint={hint("sample")}>
        <NumberInput
          value={values.log_sample}
          placeholder="1"
          onChange={(share) => set({ log_sample: share })}
        />
      </Field>
    </div>
  );
}
