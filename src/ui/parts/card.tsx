import { type ReactNode, useId } from "react";
import { classes } from "./classes.ts";

export interface CardProps {
  readonly title?: ReactNode;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
  /** The content reaches the edges: for tables. */
  readonly flush?: boolean;
}

/** A part of a page, with a heading of the second level. */
export function Card({ title, actions, children, flush = false }: CardProps) {
  const id = useId();
  return (
    <section
      className={classes("card", flush && "card-flush")}
      aria-labelledby={title === undefined ? undefined : id}
    >
      {(title !== undefined || actions !== undefined) && (
        <header className="card-header">
          {title !== undefined && <h2 id={id}>{title}</h2>}
          {actions !== undefined && <div className="card-actions">{actions}</div>}
        </header>
      )}
      <div className="card-body">{children}</div>
    </section>
  );
}
