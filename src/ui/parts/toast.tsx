import { useSyncExternalStore } from "react";
import { createPortal } from "react-dom";
import { classes } from "./classes.ts";
import { useTopDialog } from "./open-dialogs.ts";

export type ToastKind = "ok" | "bad" | "info";

interface Toast {
  readonly id: number;
  readonly text: string;
  readonly kind: ToastKind;
  /** Of `performance.now()`. */
  readonly saidAt: number;
}

const shownMs = { ok: 5000, info: 5000, bad: 12_000 } as const;

let toasts: readonly Toast[] = [];
let lastId = 0;
const listeners = new Set<() => void>();

function change(next: readonly Toast[]): void {
  toasts = next;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function dismiss(id: number): void {
  change(toasts.filter((toast) => toast.id !== id));
}

function show(text: string, kind: ToastKind = "ok"): void {
  lastId += 1;
  const id = lastId;
  change([...toasts.slice(-3), { id, text, kind, saidAt: performance.now() }]);
  setTimeout(() => dismiss(id), shownMs[kind]);
}

/** What is said right before a page is left belongs to the next one. */
const justSaidMs = 1000;

/** Another page is shown: takes away what was said of the one before. */
export function toastsLeft(): void {
  const since = performance.now() - justSaidMs;
  change(toasts.filter(({ saidAt }) => saidAt >= since));
}

/** Gives a function that says something at the edge of the page, for a few seconds and to screen readers too. */
export function useToast(): (text: string, kind?: ToastKind) => void {
  return show;
}

/** The place where they are said; once in the page. An open dialog takes them in: what is outside of it is covered. */
export function Toasts() {
  const shown = useSyncExternalStore(subscribe, () => toasts);
  const dialog = useTopDialog();
  const place = (
    <div className="toasts" role="status" aria-live="polite">
      {shown.map(({ id, text, kind }) => (
        <div key={id} className={classes("toast", `toast-${kind}`)}>
          <span>{text}</span>
          <button
            type="button"
            className="icon-button"
            aria-label="Dismiss"
            onClick={() => dismiss(id)}
          >
            ×
          </button>
        </div>
      ))}
    </div>
  );
  return dialog === null ? place : createPortal(place, dialog);
}
