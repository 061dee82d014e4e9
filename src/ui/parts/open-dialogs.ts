import { useSyncExternalStore } from "react";

let open: readonly HTMLDialogElement[] = [];
const listeners = new Set<() => void>();

function change(next: readonly HTMLDialogElement[]): void {
  open = next;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** To be told by each modal dialog when it opens. */
export function dialogOpened(dialog: HTMLDialogElement): void {
  change([...open, dialog]);
}

/** And when it closes. */
export function dialogClosed(dialog: HTMLDialogElement): void {
  change(open.filter((one) => one !== dialog));
}

/** The dialog that covers all else, live; null while there is none. */
export function useTopDialog(): HTMLDialogElement | null {
  return useSyncExternalStore(subscribe, () => open.at(-1) ?? null);
}
