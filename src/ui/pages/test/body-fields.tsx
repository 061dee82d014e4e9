import type { Method } from "../../methods.ts";
import { Button } from "../../parts/button.tsx";
import { Field, Select, TextArea } from "../../parts/field.tsx";
import { FileInput } from "./file-input.tsx";
import { type BodyKind, takesBody, type TestBody } from "./form.ts";
import { FormParts } from "./form-parts.tsx";
import { jsonFault } from "./order.ts";

export interface BodyFieldsProps {
  readonly method: Method;
  readonly body: TestBody;
  readonly error: string | undefined;
  readonly onChange: (body: TestBody) => void;
}

const kinds: readonly { readonly value: BodyKind; readonly label: string }[] = [
  { value: "none", label: "None" },
  { value: "json", label: "JSON" },
  { value: "text", label: "Text" },
  { value: "file", label: "A file, as it is" },
  { value: "form", label: "A form with fields and files" },
];

/** The body, of any kind. */
export function BodyFields({ method, body, error, onChange }: BodyFieldsProps) {
  const takes = takesBody(method);
  const choose = (value: string) => {
    const kind = kinds.find((one) => one.value === value)?.value ?? "none";
    const isNew = kind === "form" && body.parts.length === 0;
    onChange({ ...body, kind, parts: isNew ? [emptyPart] : body.parts });
  };
  return (
    <div className="test-body">
      <Field label="Body" hint={takes ? undefined : `${method} requests go without one.`}>
        <Select
          value={takes ? body.kind : "none"}
          disabled={!takes}
          onChange={choose}
          options={kinds}
        />
      </Field>
      {takes && <Content body={body} error={error} onChange={onChange} />}
    </div>
  );
}

const emptyPart = { name: "", value: "", file: null, isFile: false };

type ContentProps = Omit<BodyFieldsProps, "method">;

function Content({ body, error, onChange }: ContentProps) {
  switch (body.kind) {
    case "none":
      return null;
    case "json":
      return <JsonBody body={body} error={error} onChange={onChange} />;
    case "text":
      return (
        <Field label="Text">
          <TextArea
            mono
            rows={12}
            value={body.text}
            onChange={(text) => onChange({ ...body, text })}
          />
        </Field>
      );
    case "file":
      return (
        <Field label="File" error={error}>
          <FileInput file={body.file} onChange={(file) => onChange({ ...body, file })} />
        </Field>
      );
    case "form":
      return (
        <FormParts
          parts={body.parts}
          error={error}
          onChange={(parts) => onChange({ ...body, parts })}
        />
      );
  }
}

/** Sent as it is typed, sound or not: an API's answer to broken JSON may be what is tested. */
function JsonBody({ body, onChange }: ContentProps) {
  const fault = jsonFault(body.json);
  const tidy = () => onChange({ ...body, json: JSON.stringify(JSON.parse(body.json), null, 2) });
  return (
    <>
      <Field
        label="JSON"
        hint={fault === null ? "Valid JSON." : `Not valid JSON, and sent as it stands: ${fault}`}
      >
        <TextArea
          mono
          rows={12}
          value={body.json}
          onChange={(json) => onChange({ ...body, json })}
        />
      </Field>
      {fault === null && (
        <Button kind="quiet" className="test-tidy" onClick={tidy}>
          Tidy up
        </Button>
      )}
    </>
  );
}
