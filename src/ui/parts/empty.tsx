import type { ReactNode } from "react";

export interface EmptyStateProps {
  readonly title: string;
  readonly text?: ReactNode;
  /** What to do: buttons, a command to copy. */
  readonly children?: ReactNode;
}

/** Where there is nothing yet: why, and what to do. */
export function EmptyState({ title, text, children }: EmptyStateProps) {
  return (
    <div className="empty">
      <p className="empty-title">{title}</p>
      {text !== undefined && <p className="muted">{text}</p>}
      {children !== undefined && <div className="empty-actions">{children}</div>}
    </div>
  );
}
