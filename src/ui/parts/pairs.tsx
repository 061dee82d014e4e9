import { type ReactNode, useRef } from "react";
import { Button } from "./button.tsx";
import { SecretInput, TextInput } from "./inputs.tsx";
import { type Pair, repeatedNames, storedText } from "./pairs-record.ts";

export { type Pair, pairsOf, recordOf } from "./pairs-record.ts";

export interface PairsEditorProps {
  readonly legend: string;
  readonly hint?: ReactNode;
  readonly pairs: readonly Pair[];
  readonly onChange: (pairs: readonly Pair[]) => void;
  /** Which values are secrets: hidden while typed, and once stored only replaced, never read. */
  readonly secret?: boolean | ((name: string) => boolean);
  readonly nameLabel?: string;
  readonly valueLabel?: string;
  readonly addText?: string;
  readonly error?: ReactNode;
  /** What to think of about a value that is typed; null: nothing. */
  readonly warn?: (value: string) => string | null;
}

/** Rows of a name and a value. */
export function PairsEditor(props: PairsEditorProps) {
  const { legend, hint, pairs, onChange, secret = false, error, warn } = props;
  const { nameLabel = "Name", valueLabel = "Value", addText = "Add a row" } = props;
  const list = useRef<HTMLDivElement>(null);
  const isSecret = typeof secret === "function" ? secret : () => secret;
  const repeated = repeatedNames(pairs);

  const put = (index: number, pair: Pair) => onChange(pairs.with(index, pair));
  const add = () => {
    onChange([...pairs, { name: "", value: "" }]);
    requestAnimationFrame(() => focusLast(list.current));
  };
  const remove = (index: number) => {
    onChange(pairs.toSpliced(index, 1));
    list.current?.parentElement?.querySelector<HTMLElement>(".pairs-add")?.focus();
  };

  return (
    <fieldset className="field-group pairs">
      <legend>{legend}</legend>
      {hint !== undefined && <p className="field-hint">{hint}</p>}
      <div ref={list}>
        {pairs.map((pair, index) => (
          <PairRow
            key={index}
            pair={pair}
            isSecret={isSecret(pair.name)}
            warning={pair.value === pair.stored ? null : (warn?.(pair.value) ?? null)}
            labels={[`${nameLabel} ${index + 1}`, `${valueLabel} ${index + 1}`]}
            onChange={(next) => put(index, next)}
            onRemove={() => remove(index)}
          />
        ))}
      </div>
      {repeated.length > 0 && (
        <div className="field-error">Stands more than once: {repeated.join(", ")}.</div>
      )}
      {error !== undefined && error !== "" && <div className="field-error">{error}</div>}
      <Button className="pairs-add" onClick={add}>
        {addText}
      </Button>
    </fieldset>
  );
}

interface PairRowProps {
  readonly pair: Pair;
  readonly isSecret: boolean;
  readonly warning: string | null;
  readonly labels: readonly [name: string, value: string];
  readonly onChange: (pair: Pair) => void;
  readonly onRemove: () => void;
}

function PairRow({ pair, isSecret, warning, labels, onChange, onRemove }: PairRowProps) {
  const [nameLabel, valueLabel] = labels;
  const { name, value, stored } = pair;
  return (
    <div className="pair-row">
      <TextInput
        mono
        aria-label={nameLabel}
        placeholder="name"
        value={name}
        onChange={(next) => onChange({ ...pair, name: next })}
      />
      {stored !== undefined && value === stored ? (
        <div className="pair-stored">
          <span className="muted">{storedText(stored)}</span>
          <Button
            kind="quiet"
            aria-label={`Replace ${name}`}
            onClick={() => onChange({ ...pair, value: "" })}
          >
            Replace
          </Button>
        </div>
      ) : (
        <PairValue {...{ pair, isSecret, onChange }} label={valueLabel} />
      )}
      <Button
        kind="quiet"
        aria-label={`Remove ${name === "" ? labels[0] : name}`}
        onClick={onRemove}
      >
        Remove
      </Button>
      {warning !== null && (
        <p className="pair-warning text-warn" role="status">
          {warning}
        </p>
      )}
    </div>
  );
}

interface PairValueProps {
  readonly pair: Pair;
  readonly isSecret: boolean;
  readonly label: string;
  readonly onChange: (pair: Pair) => void;
}

function PairValue({ pair, isSecret, label, onChange }: PairValueProps) {
  const { value, stored } = pair;
  const input = {
    "aria-label": label,
    placeholder: "value",
    value,
    onChange: (next: string) => onChange({ ...pair, value: next }),
  };
  return (
    <div className="pair-value">
      {isSecret ? <SecretInput {...input} /> : <TextInput mono {...input} />}
      {stored !== undefined && (
        <Button kind="quiet" onClick={() => onChange({ ...pair, value: stored })}>
          Keep the stored one
        </Button>
      )}
    </div>
  );
}

function focusLast(list: HTMLElement | null): void {
  list?.lastElementChild?.querySelector<HTMLElement>("input")?.focus();
}
