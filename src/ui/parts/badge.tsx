import type { ReactNode } from "react";
import { classes } from "./classes.ts";

export type BadgeKind = "ok" | "warn" | "bad" | "info" | "neutral";

export interface BadgeProps {
  readonly kind: BadgeKind;
  readonly children: ReactNode;
}

/** A word with a colour; the word alone says it all. */
export function Badge({ kind, children }: BadgeProps) {
  return <span className={classes("badge", `badge-${kind}`)}>{children}</span>;
}

/** An HTTP status; 0 is a call without a reply. */
export function StatusBadge({ status }: { readonly status: number }) {
  return <Badge kind={kindOf(status)}>{status === 0 ? "no reply" : status}</Badge>;
}

function kindOf(status: number): BadgeKind {
  if (status === 0 || status >= 500) return "bad";
  if (status >= 400) return "warn";
  return status >= 300 ? "info" : "ok";
}
