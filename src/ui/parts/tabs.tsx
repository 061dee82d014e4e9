import { type KeyboardEvent, type ReactNode, useId } from "react";
import { useSearchParams } from "wouter";

export interface Tab {
  readonly id: string;
  readonly label: ReactNode;
  readonly content: () => ReactNode;
}

export interface TabsProps {
  /** What they are tabs of. */
  readonly label: string;
  readonly tabs: readonly Tab[];
  /** Where the query string keeps the chosen one. */
  readonly param?: string;
}

/** Tabs; the address knows which one is open. */
export function Tabs({ label, tabs, param = "tab" }: TabsProps) {
  const id = useId();
  const [query, setQuery] = useSearchParams();
  const chosen = tabs.find((tab) => tab.id === query.get(param)) ?? tabs[0];
  if (chosen === undefined) return null;

  const choose = (tab: Tab) =>
    setQuery(
      (before) => {
        const next = new URLSearchParams(before);
        next.set(param, tab.id);
        return next;
      },
      { replace: true },
    );
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    const next = neighbour(tabs, chosen, event.key);
    if (next === undefined) return;
    event.preventDefault();
    choose(next);
    document.getElementById(`${id}-${next.id}`)?.focus();
  };

  return (
    <div className="tabs">
      <div role="tablist" aria-label={label} className="tab-list" onKeyDown={onKeyDown}>
        {tabs.map((tab) => (
          <button
            key={tab.id}
            type="button"
            role="tab"
            id={`${id}-${tab.id}`}
            aria-selected={tab === chosen}
            aria-controls={`${id}-panel`}
            tabIndex={tab === chosen ? 0 : -1}
            onClick={() => choose(tab)}
          >
            {tab.label}
          </button>
        ))}
      </div>
      <div
        role="tabpanel"
        id={`${id}-panel`}
        aria-labelledby={`${id}-${chosen.id}`}
        className="tab-panel"
        tabIndex={0}
      >
        {chosen.content()}
      </div>
    </div>
  );
}

function neighbour(tabs: readonly Tab[], chosen: Tab, key: string): Tab | undefined {
  const index = tabs.indexOf(chosen);
  if (key === "ArrowRight") return tabs[(index + 1) % tabs.length];
  if (key === "ArrowLeft") return tabs.at(index - 1);
  if (key === "Home") return tabs[0];
  return key === "End" ? tabs.at(-1) : undefined;
}
