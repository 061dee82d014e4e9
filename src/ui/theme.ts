import { useSyncExternalStore } from "react";

/** What the user chose; `system` follows the machine. */
export type Theme = "system" | "light" | "dark";

export interface ThemeState {
  readonly chosen: Theme;
  readonly shown: "light" | "dark";
}

const storageKey = "tollgate.theme";
const darkMachine = matchMedia("(prefers-color-scheme: dark)");
const listeners = new Set<() => void>();

let chosen = stored();
let state = stateOf(chosen);

function stored(): Theme {
  try {
    const value = localStorage.getItem(storageKey);
    return value === "light" || value === "dark" ? value : "system";
  } catch {
    return "system"; // a browser may forbid its storage
  }
}

function stateOf(theme: Theme): ThemeState {
  const machine = darkMachine.matches ? "dark" : "light";
  return { chosen: theme, shown: theme === "system" ? machine : theme };
}

function apply(): void {
  state = stateOf(chosen);
  document.documentElement.dataset["theme"] = state.shown;
  for (const listener of listeners) listener();
}

/** Once, before the first paint. */
export function startTheme(): void {
  darkMachine.addEventListener("change", apply);
  apply();
}

export function chooseTheme(theme: Theme): void {
  chosen = theme;
  try {
    localStorage.setItem(storageKey, theme);
  } catch {
    // then it holds for this page
  }
  apply();
}

/** The theme, live. */
export function useTheme(): ThemeState {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => state,
  );
}
