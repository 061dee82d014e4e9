import {
  type InputHTMLAttributes,
  type SelectHTMLAttributes,
  type TextareaHTMLAttributes,
  useState,
} from "react";
import { classes } from "./classes.ts";
import { useFieldLink } from "./field-context.ts";
import { numberOf } from "./number-text.ts";

type Given = "value" | "onChange";

export interface TextInputProps extends Omit<InputHTMLAttributes<HTMLInputElement>, Given> {
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly mono?: boolean;
}

/** One line of text; nothing corrects, completes or spells what is written for machines. */
export function TextInput({ value, onChange, mono = false, className, ...rest }: TextInputProps) {
  return (
    <input
      type="text"
      autoComplete="off"
      spellCheck={false}
      autoCapitalize="off"
      {...useFieldLink()}
      {...rest}
      className={classes("input", mono && "mono", className)}
      value={value}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}

export interface NumberInputProps extends Omit<InputHTMLAttributes<HTMLInputElement>, Given> {
  /** Null is an empty field; NaN a text that is no number, which a form has to refuse. */
  readonly value: number | null;
  readonly onChange: (value: number | null) => void;
}

/** A number. What is typed stays as it is typed (`$0.02`, `0,02`, `2 cents`), be it a number or not. */
export function NumberInput({ value, onChange, className, ...rest }: NumberInputProps) {
  const [typed, setTyped] = useState(() => textOf(value));
  const shown = Object.is(numberOf(typed), value) ? typed : textOf(value);
  return (
    <input
      type="text"
      inputMode="decimal"
      autoComplete="off"
      {...useFieldLink()}
      {...rest}
      className={classes("input", "input-number", className)}
      value={shown}
      onChange={(event) => {
        const text = event.target.value;
        setTyped(text);
        onChange(numberOf(text));
      }}
    />
  );
}

/** Small amounts are written out: nobody types 1e-7. */
function textOf(value: number | null): string {
  if (value === null) return "";
  const text = String(value);
  return text.includes("e-") ? value.toFixed(12).replace(/0+$/, "") : text;
}

export interface SelectOption {
  readonly value: string;
  readonly label: string;
  readonly disabled?: boolean;
}

export interface SelectProps extends Omit<SelectHTMLAttributes<HTMLSelectElement>, Given> {
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly options: readonly SelectOption[];
}

/** One of several. */
export function Select({ value, onChange, options, className, ...rest }: SelectProps) {
  return (
    <select
      {...useFieldLink()}
      {...rest}
      className={classes("input", "select", className)}
      value={value}
      onChange={(event) => onChange(event.target.value)}
    >
      {options.map((option) => (
        <option key={option.value} value={option.value} disabled={option.disabled}>
          {option.label}
        </option>
      ))}
    </select>
  );
}

export interface TextAreaProps extends Omit<TextareaHTMLAttributes<HTMLTextAreaElement>, Given> {
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly mono?: boolean;
}

/** Several lines of text. */
export function TextArea({ value, onChange, mono = false, className, ...rest }: TextAreaProps) {
  return (
    <textarea
      rows={5}
      spellCheck={!mono}
      {...useFieldLink()}
      {...rest}
      className={classes("input", "textarea", mono && "mono", className)}
      value={value}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}

/** A secret: hidden while it is typed, shown on demand, kept by no password manager as somebody's login. */
export function SecretInput({ className, ...rest }: Omit<TextInputProps, "type">) {
  const [isShown, setShown] = useState(false);
  return (
    <div className="secret-input">
      <TextInput
        autoComplete="new-password"
        {...rest}
        mono
        type={isShown ? "text" : "password"}
        className={className}
      />
      <button
        type="button"
        className="button button-quiet"
        aria-pressed={isShown}
        onClick={() => setShown(!isShown)}
      >
        {isShown ? "Hide" : "Show"}
      </button>
    </div>
  );
}
