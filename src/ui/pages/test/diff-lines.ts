import { diffLines } from "diff";
import type { HeaderList } from "./events.ts";

/** `connection`: set by the connection on each side, whatever is sent. */
export type Change = "same" | "changed" | "added" | "removed" | "connection";

/** One line of two columns; null where a side has none. */
export interface DiffRow {
  readonly change: Change;
  readonly before: string | null;
  readonly after: string | null;
}

/** One header on both sides; several values under one name stand together. */
export interface HeaderRow extends DiffRow {
  readonly name: string;
}

/** Headers that each connection has of its own. */
const ofConnection = new Set(["connection", "content-length", "host", "transfer-encoding"]);

/** The headers of both sides by name: those that stayed last, after them the connections' own. */
export function headerRows(before: HeaderList, after: HeaderList): HeaderRow[] {
  const [left, right] = [byName(before), byName(after)];
  const names = [...new Set([...left.keys(), ...right.keys()])].sort();
  const rows = names.map((name): HeaderRow => {
    const [from = null, to = null] = [left.get(name), right.get(name)];
    const change = changeOf(from, to);
    return { name, change: isSetBy(name, change) ? "connection" : change, before: from, after: to };
  });
  return rows.sort((a, b) => rank[a.change] - rank[b.change]);
}

const rank: Readonly<Record<Change, number>> = {
  removed: 0,
  added: 1,
  changed: 2,
  same: 3,
  connection: 4,
};

/** Codings of a reply are asked for by whoever connects, where nobody else does. */
function isSetBy(name: string, change: Change): boolean {
  if (change === "same") return false;
  return ofConnection.has(name) || (name === "accept-encoding" && change !== "changed");
}

function changeOf(before: string | null, after: string | null): Change {
  if (before === null) return "added";
  if (after === null) return "removed";
  return before === after ? "same" : "changed";
}

function byName(headers: HeaderList): Map<string, string> {
  const all = new Map<string, string>();
  for (const [name, value] of headers) {
    const lower = name.toLowerCase();
    const former = all.get(lower);
    all.set(lower, former === undefined ? value : `${former}, ${value}`);
  }
  return all;
}

/** Texts that differ in more lines, or take longer, stand beside each other as they are. */
const limits = { maxEditLength: 4_000, timeout: 400 } as const;

/** Two texts side by side, line by line. JSON is written out first, so that it differs where its values do. */
export function textRows(before: string, after: string): DiffRow[] {
  const [left, right] = [written(before), written(after)];
  const parts = diffLines(left, right, limits);
  if (parts === undefined) return besides(linesOf(left), linesOf(right));
  const rows: DiffRow[] = [];
  let removed: string[] = [];
  for (const { value, added, removed: isRemoved } of parts) {
    const lines = linesOf(value);
    if (isRemoved) removed.push(...lines);
    else if (added) {
      rows.push(...besides(removed, lines));
      removed = [];
    } else {
      rows.push(...besides(removed, []));
      removed = [];
      rows.push(...lines.map((line): DiffRow => ({ change: "same", before: line, after: line })));
    }
  }
  return [...rows, ...besides(removed, [])];
}

function besides(removed: readonly string[], added: readonly string[]): DiffRow[] {
  return Array.from({ length: Math.max(removed.length, added.length) }, (_, index) => {
    const [before = null, after = null] = [removed[index], added[index]];
    return { change: changeOf(before, after), before, after };
  });
}

function linesOf(text: string): string[] {
  const lines = text.split("\n");
  if (lines.at(-1) === "") lines.pop();
  return lines;
}

function written(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
