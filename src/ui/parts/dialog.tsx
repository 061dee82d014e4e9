import { type ReactNode, useEffect, useId, useRef, useState } from "react";
import { Button } from "./button.tsx";
import { classes } from "./classes.ts";
import { dialogClosed, dialogOpened } from "./open-dialogs.ts";
import { ErrorNote } from "./error-note.tsx";
import { Field, TextInput } from "./field.tsx";

export interface DialogProps {
  readonly open: boolean;
  /** Escape, or the cross; a click outside does nothing, as it may lose what was typed. */
  readonly onClose: () => void;
  readonly title: string;
  readonly children: ReactNode;
  readonly footer?: ReactNode;
  readonly wide?: boolean;
}

/** A modal dialog: the browser keeps the focus in it, and gives it back. */
export function Dialog({ open, ...rest }: DialogProps) {
  return open ? <OpenDialog {...rest} /> : null;
}

function OpenDialog({ onClose, title, children, footer, wide = false }: Omit<DialogProps, "open">) {
  const id = useId();
  const element = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const dialog = element.current;
    const focused = document.activeElement;
    if (dialog !== null && !dialog.open) dialog.showModal();
    dialog?.querySelector<HTMLElement>(firstControl)?.focus();
    if (dialog !== null) dialogOpened(dialog);
    return () => {
      dialog?.close();
      if (dialog !== null) dialogClosed(dialog);
      if (focused instanceof HTMLElement) focused.focus();
    };
  }, []);
  return (
    <dialog
      ref={element}
      className={classes("dialog", wide && "dialog-wide")}
      aria-labelledby={id}
      onCancel={(event) => {
        if (event.target !== event.currentTarget) return;
        event.preventDefault();
        onClose();
      }}
    >
      <div className="dialog-box">
        <header className="dialog-header">
          <h2 id={id}>{title}</h2>
          <button type="button" className="icon-button" aria-label="Close" onClick={onClose}>
            ×
          </button>
        </header>
        <div className="dialog-body">{children}</div>
        {footer !== undefined && <footer className="dialog-footer">{footer}</footer>}
      </div>
    </dialog>
  );
}

const firstControl = ["input", "select", "textarea"]
  .map((name) => `.dialog-body ${name}:not(:disabled)`)
  .join(", ");

export interface ConfirmDialogProps {
  readonly open: boolean;
  readonly onClose: () => void;
  readonly title: string;
  readonly text: ReactNode;
  /** The button's words, as "Delete the route". */
  readonly action: string;
  /** Has to be typed first. */
  readonly typed?: string;
  readonly danger?: boolean;
  /** What it throws is shown, and the dialog stays. */
  readonly onConfirm: () => Promise<void>;
}

/** Asks before something that cannot be undone. */
export function ConfirmDialog({ open, ...rest }: ConfirmDialogProps) {
  return open ? <OpenConfirm {...rest} /> : null;
}

function OpenConfirm(props: Omit<ConfirmDialogProps, "open">) {
  const { onClose, title, text, action, typed, danger = false, onConfirm } = props;
  const form = useId();
  const [given, setGiven] = useState("");
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const isAllowed = typed === undefined || given === typed;

  const confirm = async () => {
    if (!isAllowed || isBusy) return;
    setBusy(true);
    setError(null);
    try {
      await onConfirm();
      onClose();
    } catch (thrown) {
      setError(thrown);
    }
    setBusy(false);
  };
  const footer = (
    <>
      <Button onClick={onClose}>Cancel</Button>
      <Button
        type="submit"
        form={form}
        kind={danger ? "danger" : "primary"}
        busy={isBusy}
        disabled={!isAllowed}
      >
        {action}
      </Button>
    </>
  );
  return (
    <Dialog open onClose={onClose} title={title} footer={footer}>
      <form
        id={form}
        onSubmit={(event) => {
          event.preventDefault();
          void confirm();
        }}
      >
        <div>{text}</div>
        {typed !== undefined && (
          <Field label={<>Type {<code>{typed}</code>} to confirm</>}>
            <TextInput mono value={given} onChange={setGiven} />
          </Field>
        )}
        {error !== null && <ErrorNote error={error} what={`${action}: that did not work.`} />}
      </form>
    </Dialog>
  );
}
