import { type Document, isAlias, isMap, isScalar, isSeq, type Pair } from "yaml";
import type { KeyPath } from "./findings.ts";

/** A node of a YAML document that a key path leads to. */
export interface Found {
  readonly node: unknown;
  /** How many characters stand before it: before its key in a map, before the item in a list. */
  readonly offset: number;
  /** The whole path is there, not only its beginning. */
  readonly complete: boolean;
}

/** Follows a path as far as it goes, through aliases (`*name`) and merged maps (`<<`). */
export function findNode(document: Document, path: KeyPath): Found {
  const root = document.contents;
  let node: unknown = root;
  let offset = root?.range?.[0] ?? 0;
  for (const part of path) {
    const next = step(document, node, part);
    if (next === null) return { node, offset, complete: false };
    node = next.node;
    offset = next.offset ?? offset;
  }
  return { node: target(document, node), offset, complete: true };
}

interface Step {
  readonly node: unknown;
  readonly offset: number | undefined;
}

function step(document: Document, from: unknown, part: string | number): Step | null {
  const node = target(document, from);
  if (isSeq(node)) {
    const item: unknown = node.items[Number(part)];
    return item === undefined ? null : { node: item, offset: startOf(item) };
  }
  if (!isMap(node)) return null;
  const own = node.items.find((pair) => isKey(pair, String(part)));
  if (own !== undefined) return { node: own.value, offset: startOf(own.key) };
  for (const pair of node.items) {
    if (!isScalar(pair.key) || pair.key.source !== "<<") continue; // its value is a symbol
    const merged = target(document, pair.value);
    for (const source of isSeq(merged) ? merged.items : [merged]) {
      const value = step(document, source, part);
      if (value !== null) return { node: value.node, offset: startOf(pair.key) };
    }
  }
  return null;
}

function isKey({ key }: Pair, name: string): boolean {
  return isScalar(key) && String(key.value) === name;
}

function target(document: Document, node: unknown): unknown {
  return isAlias(node) ? node.resolve(document) : node;
}

function startOf(node: unknown): number | undefined {
  return isScalar(node) || isMap(node) || isSeq(node) || isAlias(node)
    ? node.range?.[0]
    : undefined;
}
