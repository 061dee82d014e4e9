import { useRef } from "react";
import { Button } from "../../parts/button.tsx";
import { FieldGroup, Select, TextInput } from "../../parts/field.tsx";
import { FileInput } from "./file-input.tsx";
import type { FormPart } from "./form.ts";

export interface FormPartsProps {
  readonly parts: readonly FormPart[];
  readonly error: string | undefined;
  readonly onChange: (parts: readonly FormPart[]) => void;
}

/** The fields of a multipart form. */
export function FormParts({ parts, error, onChange }: FormPartsProps) {
  const group = useRef<HTMLDivElement>(null);
  const add = () => {
    onChange([...parts, { name: "", value: "", file: null, isFile: false }]);
    requestAnimationFrame(() =>
      group.current?.querySelector<HTMLElement>("li:last-child input")?.focus(),
    );
  };
  const remove = (index: number) => {
    onChange(parts.toSpliced(index, 1));
    group.current?.querySelector<HTMLElement>(".test-add")?.focus();
  };
  return (
    <div ref={group}>
      <FieldGroup
        legend="Fields of the form"
        hint="Sent as multipart/form-data; the content type is set by itself."
      >
        <ul className="test-parts">
          {parts.map((part, index) => (
            <PartRow
              key={index}
              part={part}
              number={index + 1}
              onChange={(next) => onChange(parts.with(index, next))}
              onRemove={() => remove(index)}
            />
          ))}
        </ul>
        {error !== undefined && <div className="field-error">{error}</div>}
        <Button className="test-add" onClick={add}>
          Add a field
        </Button>
      </FieldGroup>
    </div>
  );
}

interface PartRowProps {
  readonly part: FormPart;
  readonly number: number;
  readonly onChange: (part: FormPart) => void;
  readonly onRemove: () => void;
}

function PartRow({ part, number, onChange, onRemove }: PartRowProps) {
  return (
    <li className="test-part">
      <TextInput
        mono
        aria-label={`Field name ${number}`}
        placeholder="name"
        value={part.name}
        onChange={(name) => onChange({ ...part, name })}
      />
      <Select
        aria-label={`Kind of field ${number}`}
        value={part.isFile ? "file" : "value"}
        onChange={(kind) => onChange({ ...part, isFile: kind === "file" })}
        options={[
          { value: "value", label: "Value" },
          { value: "file", label: "File" },
        ]}
      />
      <Button kind="quiet" aria-label={`Remove field ${number}`} onClick={onRemove}>
        Remove
      </Button>
      <div className="test-part-value">
        {part.isFile ? (
          <FileInput
            label={`File of field ${number}`}
            file={part.file}
            onChange={(file) => onChange({ ...part, file })}
          />
        ) : (
          <TextInput
            mono
            aria-label={`Field value ${number}`}
            placeholder="value"
            value={part.value}
            onChange={(value) => onChange({ ...part, value })}
          />
        )}
      </div>
    </li>
  );
}
