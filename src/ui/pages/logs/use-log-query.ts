import { useMemo } from "react";
import { useSearchParams } from "wouter";
import { type LogQuery, readLogQuery, writeLogQuery } from "./query.ts";

/** What the address asks for, and how to ask for something else: each change is a step back in the history. */
export function useLogQuery(): readonly [LogQuery, (next: LogQuery) => void] {
  const [params, setParams] = useSearchParams();
  const text = params.toString();
  const query = useMemo(() => readLogQuery(new URLSearchParams(text)), [text]);
  return [query, (next) => setParams(writeLogQuery(next))];
}
