import { Card } from "../../parts/card.tsx";
import { Checkbox, Field, FieldGroup, TextInput } from "../../parts/field.tsx";
import { hintOf, useRouteFormLink } from "./form-context.ts";
import { labelOf } from "./labels.ts";
import { PreviewBox } from "./preview-box.tsx";
import { FaultLine, Setting, SwitchSetting } from "./settings.tsx";

/** What is served and where it goes: all that a route needs. */
export function RouteCard() {
  const { values, set, faults, schema } = useRouteFormLink();
  return (
    <Card title="Route">
      <Setting name="path">
        <Field label="Path" required hint={hintOf(schema, "path")} error={faults["path"]}>
          <TextInput
            mono
            placeholder="/bria"
            value={values.path}
            onChange={(text) => set({ path: typedPath(text) })}
          />
        </Field>
      </Setting>
      <Setting name="target">
        <Field label="Target" required hint={hintOf(schema, "target")} error={faults["target"]}>
          <TextInput
            mono
            inputMode="url"
            placeholder="https://engine.prod.bria-api.com"
            value={values.target}
            onChange={(target) => set({ target })}
          />
        </Field>
      </Setting>
      <SwitchSetting name="include_subpath" />
      <Methods />
      <PreviewBox values={values} />
    </Card>
  );
}

/** With its slash in front; of a whole address only the path. */
function typedPath(text: string): string {
  const path = text.trimStart().replace(/^https?:\/\/[^/]*/i, "");
  return path === "" || path.startsWith("/") ? path : `/${path}`;
}

const usual = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"] as const;

function Methods() {
  const { values, set, faults, schema } = useRouteFormLink();
  const { methods } = values;
  const offered = [...usual, ...methods.filter((one) => !usual.some((other) => other === one))];
  const put = (method: string, isOn: boolean) =>
    set({ methods: offered.filter((one) => (one === method ? isOn : methods.includes(one))) });
  return (
    <Setting name="methods">
      <FieldGroup legend={labelOf("methods")} hint={hintOf(schema, "methods")}>
        <div className="routes-methods">
          {offered.map((method) => (
            <Checkbox
              key={method}
              label={method}
              checked={methods.includes(method)}
              onChange={(isOn) => put(method, isOn)}
            />
          ))}
        </div>
      </FieldGroup>
      <FaultLine text={faults["methods"]} />
    </Setting>
  );
}
