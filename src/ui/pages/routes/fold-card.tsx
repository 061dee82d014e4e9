import { type ReactNode, useEffect, useRef } from "react";
import { Badge } from "../../parts/badge.tsx";

export interface FoldCardProps {
  readonly title: string;
  /** Something in it was set. */
  readonly isSet: boolean;
  /** Something in it is wrong: it opens. */
  readonly hasFault: boolean;
  readonly children: ReactNode;
}

/** A card for what is seldom needed: closed, with a mark where it holds something. */
export function FoldCard({ title, isSet, hasFault, children }: FoldCardProps) {
  const details = useRef<HTMLDetailsElement>(null);
  useEffect(() => {
    if (hasFault && details.current !== null) details.current.open = true;
  }, [hasFault]);
  return (
    <details ref={details} className="card routes-fold">
      <summary>
        <h2>{title}</h2>
        {hasFault && <Badge kind="bad">needs a look</Badge>}
        {isSet && !hasFault && <Badge kind="info">set</Badge>}
      </summary>
      <div className="card-body">{children}</div>
    </details>
  );
}
