import { Badge } from "../../parts/badge.tsx";
import { Card } from "../../parts/card.tsx";
import { CodeBlock } from "../../parts/code-block.tsx";
import { PageHeader } from "../../parts/page-header.tsx";
import type { EndpointReply } from "../../replies.ts";
import { CallPanel } from "./call-panel.tsx";
import {
  authText,
  methodsText,
  offText,
  ownerOf,
  type SchemaReply,
  type Settings,
} from "../../endpoint.ts";
import { wordsOf } from "./form-context.ts";
import { settingsOf, valuesOf } from "./form-state.ts";
import { labelOf } from "./labels.ts";
import { PreviewBox } from "./preview-box.tsx";
import { RouteActions } from "./route-actions.tsx";
import { hasMask, yamlOf } from "./yaml.ts";

export interface FileRouteProps {
  readonly endpoint: EndpointReply;
  readonly schema: SchemaReply | undefined;
}

/** A route of the configuration file: to be read here, and changed there. */
export function FileRoute({ endpoint, schema }: FileRouteProps) {
  const owner = ownerOf(endpoint);
  const off = offText(endpoint);
  const place =
    owner.kind === "file"
      ? `${owner.file}${owner.line === null ? "" : `, line ${owner.line}`}`
      : "";
  return (
    <>
      <PageHeader
        title={endpoint.path}
        description={<>Defined in {place}. It can be changed there alone.</>}
        back={{ href: "/routes", label: "Routes" }}
        actions={<RouteActions endpoint={endpoint} />}
      />
      {off !== null && (
        <div className="note note-warn">
          <p className="note-title">This route is {off}.</p>
          <p>Set what is missing in the gateway's environment, and restart it.</p>
        </div>
      )}
      <Card title="Route">
        <SettingList endpoint={endpoint} schema={schema} />
        <PreviewBox values={valuesOf(endpoint)} />
      </Card>
      <Card title="In the file">
        <p>
          Edit {place}, then reload the configuration on the page “Config”: it shows what would
          change first. {hasMask(yamlOf(endpoint)) && "Secrets are masked here."}
        </p>
        <CodeBlock text={yamlOf(endpoint)} label="This route as YAML" wrap />
      </Card>
      {off === null && <CallPanel endpoint={endpoint} />}
    </>
  );
}

function SettingList({ endpoint, schema }: FileRouteProps) {
  const { path, target, auth, methods, ...others } = shownSettings(endpoint);
  const rows: [string, unknown][] = [
    ["path", path],
    ["target", target],
    ["methods", methodsText(methods)],
    ["auth", authText(auth)],
    ...Object.entries(others),
  ];
  return (
    <dl className="routes-settings">
      {rows.map(([name, value]) => (
        <div key={name}>
          <dt>{labelOf(name)}</dt>
          <dd>
            <SettingValue value={value} />
            {name !== "auth" && <p className="field-hint">{wordsOf(schema, name)?.description}</p>}
          </dd>
        </div>
      ))}
    </dl>
  );
}

/** What was written, with what replies say of who may call. */
function shownSettings(endpoint: EndpointReply): Settings {
  const { enabled_if: variables, proxy }: Settings = endpoint;
  return {
    ...settingsOf(valuesOf(endpoint)),
    auth: endpoint.auth,
    ...(typeof variables === "string" ? { enabled_if: variables } : {}),
    ...(typeof proxy === "string" ? { proxy } : {}),
  };
}

function SettingValue({ value }: { readonly value: unknown }) {
  if (value === true) return <Badge kind="ok">yes</Badge>;
  if (value === false) return <Badge kind="neutral">no</Badge>;
  if (typeof value !== "object" || value === null)
    return <code className="break">{String(value)}</code>;
  if (Array.isArray(value)) return <code className="break">{value.join(", ")}</code>;
  return (
    <ul className="routes-members">
      {Object.entries(value).map(([name, part]) => (
        <li key={name}>
          <code className="break">
            {name}: {typeof part === "string" ? part : JSON.stringify(part)}
          </code>
        </li>
      ))}
    </ul>
  );
}
