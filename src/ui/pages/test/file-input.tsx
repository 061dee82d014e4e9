import { bytes } from "../../format.ts";
import { useFieldLink } from "../../parts/field-context.ts";
import { Shown } from "../../parts/shown.tsx";

export interface FileInputProps {
  readonly file: File | null;
  readonly onChange: (file: File) => void;
  readonly label?: string;
}

/** A file of this machine; it stays chosen when the page is left and come back to. */
export function FileInput({ file, onChange, label }: FileInputProps) {
  return (
    <div className="test-file">
      <input
        type="file"
        {...useFieldLink()}
        aria-label={label}
        className="input"
        onChange={(event) => {
          const [chosen] = event.target.files ?? [];
          if (chosen !== undefined) onChange(chosen);
        }}
      />
      {file !== null && (
        <p className="field-hint">
          <Shown text={file.name} />, {bytes(file.size)},{" "}
          {file.type === "" ? "of no known type" : file.type}
        </p>
      )}
    </div>
  );
}
