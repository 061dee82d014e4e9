import { type ReactNode, useId, useState } from "react";

export interface View {
  readonly id: string;
  readonly label: string;
  readonly content: () => ReactNode;
}

export interface ViewsProps {
  /** Whose views they are. */
  readonly label: string;
  readonly views: readonly View[];
}

/** Several views of one thing; the first is shown until another one is chosen. */
export function Views({ label, views }: ViewsProps) {
  const id = useId();
  const [chosen, setChosen] = useState("");
  const view = views.find((one) => one.id === chosen) ?? views[0];
  if (view === undefined) return null;
  return (
    <div className="views">
      {views.length > 1 && (
        <div className="choices" role="group" aria-label={`${label}: shown as`}>
          {views.map((one) => (
            <button
              key={one.id}
              type="button"
              className="button button-plain"
              aria-pressed={one === view}
              aria-controls={id}
              onClick={() => setChosen(one.id)}
            >
              {one.label}
            </button>
          ))}
        </div>
      )}
      <div id={id}>{view.content()}</div>
    </div>
  );
}
