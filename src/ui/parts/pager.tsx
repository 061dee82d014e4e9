import { count } from "../format.ts";
import { Button } from "./button.tsx";

export interface PagerProps {
  /** From 1. */
  readonly page: number;
  readonly pages: number;
  readonly total?: number;
  /** There are more than `total`. */
  readonly isCapped?: boolean;
  readonly onPage: (page: number) => void;
}

/** To the next page and back; nothing where there is one page. */
export function Pager({ page, pages, total, isCapped = false, onPage }: PagerProps) {
  const totalText =
    total === undefined ? "" : ` · ${isCapped ? "more than " : ""}${count(total)} in all`;
  return (
    <nav className="pager" aria-label="Pages">
      <span className="muted">
        Page {count(page)} of {count(Math.max(1, pages))}
        {totalText}
      </span>
      {pages > 1 && (
        <span className="pager-buttons">
          <Button disabled={page <= 1} onClick={() => onPage(page - 1)}>
            Previous
          </Button>
          <Button disabled={page >= pages} onClick={() => onPage(page + 1)}>
            Next
          </Button>
        </span>
      )}
    </nav>
  );
}
