import type { ReactNode } from "react";
import { Checkbox } from "../../parts/field.tsx";
import { PairsEditor } from "../../parts/pairs.tsx";
import { FoldCard } from "./fold-card.tsx";
import { hintOf, useRouteFormLink, wordsOf } from "./form-context.ts";
import type { RouteValues } from "./form-state.ts";
import { labelOf } from "./labels.ts";
import { isSecretParameter, referenceWarning } from "./secret-names.ts";
import {
  FaultLine,
  JsonSetting,
  NumberSetting,
  Setting,
  SwitchSetting,
  TextSetting,
} from "./settings.tsx";

/** All that is seldom needed, closed until it is. */
export function FoldCards() {
  return (
    <>
      <QueryCard />
      <LimitsCard />
      <TimeoutsCard />
      <TlsCard />
      <AdvancedCard />
    </>
  );
}

interface PartProps {
  readonly title: string;
  readonly names: readonly (keyof RouteValues)[];
  /** A name under which the gateway tells faults of several of them. */
  readonly group?: string;
  readonly children: ReactNode;
}

/** A closed card that knows which settings are in it. */
function Part({ title, names, group, children }: PartProps) {
  const { values, faults } = useRouteFormLink();
  const isSet = names.some((name) => !isLeftOut(name, values[name]));
  const hasFault = [...names, group].some((name) => name !== undefined && name in faults);
  return (
    <FoldCard title={title} isSet={isSet} hasFault={hasFault}>
      {children}
    </FoldCard>
  );
}

function isLeftOut(name: keyof RouteValues, value: RouteValues[keyof RouteValues]): boolean {
  if (name === "tls_verify") return value === true;
  if (Array.isArray(value)) return value.length === 0;
  return value === null || value === "" || value === false;
}

function QueryCard() {
  const { values, set, faults, schema } = useRouteFormLink();
  return (
    <Part title="Query" names={["default_query_params", "merge_query_params"]}>
      <Setting name="default_query_params">
        <PairsEditor
          legend={labelOf("default_query_params")}
          hint={hintOf(schema, "default_query_params")}
          pairs={values.default_query_params}
          onChange={(pairs) => set({ default_query_params: pairs })}
          secret={isSecretParameter}
          warn={referenceWarning}
          nameLabel="Parameter name"
          valueLabel="Parameter value"
          addText="Add a parameter"
          error={faults["default_query_params"]}
        />
      </Setting>
      <SwitchSetting name="merge_query_params" />
    </Part>
  );
}

function LimitsCard() {
  return (
    <Part
      title="Limits of this route"
      names={["rpm_limit", "tpm_limit", "max_parallel_requests", "max_budget", "budget_duration"]}
    >
      <div className="routes-grid">
        <NumberSetting name="rpm_limit" placeholder="no limit" />
        <NumberSetting name="tpm_limit" placeholder="no limit" />
        <NumberSetting name="max_parallel_requests" placeholder="no limit" />
        <NumberSetting name="max_budget" placeholder="no limit" />
        <TextSetting name="budget_duration" placeholder="30d" />
      </div>
    </Part>
  );
}

function TimeoutsCard() {
  return (
    <Part
      title="Timeouts and size"
      names={[
        "timeout",
        "connect_timeout",
        "stream_idle_timeout",
        "max_duration",
        "client_idle_timeout",
        "max_body_size",
      ]}
    >
      <div className="routes-grid">
        <NumberSetting name="timeout" />
        <NumberSetting name="connect_timeout" />
        <NumberSetting name="stream_idle_timeout" />
        <NumberSetting name="max_duration" placeholder="no limit" />
        <NumberSetting name="client_idle_timeout" />
        <NumberSetting name="max_body_size" />
      </div>
    </Part>
  );
}

function TlsCard() {
  const { values, set, faults, schema } = useRouteFormLink();
  const parts = wordsOf(schema, "tls")?.fields;
  const server = parts?.find(({ name }) => name === "server_name")?.description;
  return (
    <Part title="TLS" names={["tls_verify", "tls_server_name"]} group="tls">
      <Setting name="tls">
        <Checkbox
          label="Check the upstream's certificate"
          checked={values.tls_verify}
          onChange={(isOn) => set({ tls_verify: isOn })}
        />
        {!values.tls_verify && (
          <p className="text-warn">
            Any certificate is taken: whoever stands in between can read the headers above.
          </p>
        )}
        <FaultLine text={faults["tls"]} />
      </Setting>
      <TextSetting
        name="tls_server_name"
        label="Name in the certificate"
        hint={server ?? "In place of the host's."}
      />
    </Part>
  );
}

function AdvancedCard() {
  const { values, set, schema, isNew } = useRouteFormLink();
  return (
    <Part
      title="Advanced"
      names={[
        ...(isNew ? (["id"] as const) : []),
        "custom_auth_parser",
        "request_stream_usage",
        "drain_on_disconnect",
        "usage",
        "prices",
      ]}
    >
      {isNew && (
        <TextSetting
          name="id"
          hint="Names the route in logs and lists. Left empty, one is made up."
          placeholder="bria"
        />
      )}
      <SwitchSetting name="request_stream_usage" />
      <SwitchSetting name="drain_on_disconnect" />
      <Setting name="custom_auth_parser">
        <Checkbox
          label={labelOf("custom_auth_parser")}
          hint={hintOf(schema, "custom_auth_parser")}
          checked={values.custom_auth_parser !== ""}
          onChange={(isOn) => set({ custom_auth_parser: isOn ? "langfuse" : "" })}
        />
      </Setting>
      <JsonSetting name="usage" placeholder={'{"model": "/model", "units": {"images": 1}}'} />
      <JsonSetting name="prices" placeholder={'{"images": 0.04}'} />
    </Part>
  );
}
