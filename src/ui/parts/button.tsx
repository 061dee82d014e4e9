import { type ButtonHTMLAttributes, type ReactNode, useEffect, useState } from "react";
import { Link } from "wouter";
import { classes } from "./classes.ts";
import { useToast } from "./toast.tsx";

export type ButtonKind = "primary" | "plain" | "danger" | "quiet";

export interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  readonly kind?: ButtonKind;
  /** Work is under way: it cannot be pressed again, and keeps the focus. */
  readonly busy?: boolean;
}

/** A button; it submits a form only where `type` says so. */
export function Button(props: ButtonProps) {
  const { kind = "plain", busy = false, className, children, onClick, ...rest } = props;
  return (
    <button
      type="button"
      {...rest}
      className={classes("button", `button-${kind}`, className)}
      aria-busy={busy || undefined}
      aria-disabled={busy || undefined}
      onClick={busy ? (event) => event.preventDefault() : onClick}
    >
      {busy && <span className="spinner" aria-hidden="true" />}
      {children}
    </button>
  );
}

export interface ButtonLinkProps {
  readonly href: string;
  readonly kind?: ButtonKind;
  readonly children: ReactNode;
}

/** A link within the page that looks like a button. */
export function ButtonLink({ href, kind = "plain", children }: ButtonLinkProps) {
  return (
    <Link href={href} className={classes("button", `button-${kind}`)}>
      {children}
    </Link>
  );
}

export interface CopyButtonProps {
  readonly text: string | (() => string | Promise<string>);
  readonly label?: string;
}

/** Puts a text on the clipboard and says so. */
export function CopyButton({ text, label = "Copy" }: CopyButtonProps) {
  const toast = useToast();
  const [isCopied, setCopied] = useState(false);
  useEffect(() => {
    if (!isCopied) return;
    const timer = setTimeout(() => setCopied(false), 2000);
    return () => clearTimeout(timer);
  }, [isCopied]);

  const copy = async () => {
    try {
      await writeText(typeof text === "string" ? text : await text());
      setCopied(true);
    } catch {
      toast("The browser did not allow copying. Select the text and copy it.", "bad");
    }
  };
  return (
    <Button kind="quiet" onClick={() => void copy()}>
      {label}
      <span className="copy-done" role="status">
        {isCopied ? "✓ copied" : ""}
      </span>
    </Button>
  );
}

/** Browsers have a clipboard on TLS and on loopback only; elsewhere the old way still works. */
async function writeText(text: string): Promise<void> {
  if (navigator.clipboard !== undefined) return navigator.clipboard.writeText(text);
  const area = document.createElement("textarea");
  area.value = text;
  area.className = "visually-hidden";
  const parent = document.querySelector("dialog[open]") ?? document.body; // outside of an open dialog nothing takes the focus
  const focused = document.activeElement;
  parent.append(area);
  area.select();
  const isDone = document.execCommand("copy");
  area.remove();
  if (focused instanceof HTMLElement) focused.focus();
  if (!isDone) throw new Error("not copied");
}
