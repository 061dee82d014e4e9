import { type ReactNode, useEffect } from "react";
import { Link } from "wouter";

export interface PageHeaderProps {
  readonly title: string;
  readonly description?: ReactNode;
  readonly actions?: ReactNode;
  readonly back?: { readonly href: string; readonly label: string };
}

/** The page's heading; also the tab's title. */
export function PageHeader({ title, description, actions, back }: PageHeaderProps) {
  useEffect(() => {
    document.title = `${title} · Tollgate`;
  }, [title]);
  return (
    <header className="page-header">
      <div className="page-header-text">
        {back !== undefined && (
          <Link className="back-link" href={back.href}>
            <span aria-hidden="true">←</span> {back.label}
          </Link>
        )}
        <h1 id="page-title" tabIndex={-1}>
          {title}
        </h1>
        {description !== undefined && <p className="page-description">{description}</p>}
      </div>
      {actions !== undefined && <div className="page-actions">{actions}</div>}
    </header>
  );
}
