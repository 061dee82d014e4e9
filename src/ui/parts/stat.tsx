import type { ReactNode } from "react";
import { classes } from "./classes.ts";

export interface StatProps {
  readonly label: ReactNode;
  readonly value: ReactNode;
  readonly hint?: ReactNode;
  readonly kind?: "ok" | "warn" | "bad";
}

/** One number with its name; stands in a `StatRow`. */
export function Stat({ label, value, hint, kind }: StatProps) {
  return (
    <div className="stat">
      <dt>{label}</dt>
      <dd className={classes("stat-value", kind && `text-${kind}`)}>{value}</dd>
      {hint !== undefined && <dd className="stat-hint">{hint}</dd>}
    </div>
  );
}

/** Numbers side by side. */
export function StatRow({ children }: { readonly children: ReactNode }) {
  return <dl className="stat-row">{children}</dl>;
}
