import type { ReactNode } from "react";
import { Badge } from "../parts/badge.tsx";

export interface FoldProps {
  readonly title: string;
  /** Something in it is set. */
  readonly isSet: boolean;
  readonly children: ReactNode;
}

/** Fields that are seldom needed: closed, with a mark where they hold something. */
export function Fold({ title, isSet, children }: FoldProps) {
  return (
    <details className="payer-fold">
      <summary>
        {title} {isSet && <Badge kind="info">set</Badge>}
      </summary>
      <div className="stack payer-folded">{children}</div>
    </details>
  );
}
