import { useMemo } from "react";
import { useSearchParams } from "wouter";
import type { RowFilter } from "./report.ts";

/** Which keys are shown, kept in the address so that it can be shared. */
export function useFilter(): readonly [RowFilter, (next: RowFilter) => void] {
  const [params, setParams] = useSearchParams();
  const status = params.get("status") ?? "";
  const text = params.get("search") ?? "";
  const filter = useMemo(() => ({ status, text }), [status, text]);
  const setFilter = (next: RowFilter) =>
    setParams(
      (before) => {
        const after = new URLSearchParams(before);
        put(after, "status", next.status);
        put(after, "search", next.text);
        return after;
      },
      { replace: true },
    );
  return [filter, setFilter];
}

function put(params: URLSearchParams, name: string, value: string): void {
  if (value === "") params.delete(name);
  else params.set(name, value);
}
