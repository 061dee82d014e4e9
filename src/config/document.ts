import { isMap, isScalar, isSeq, LineCounter, type Node, parseDocument, Scalar } from "yaml";
import { type Finding, fault, type KeyPath, type Place } from "./findings.ts";

/** A YAML text with its positions kept. */
export interface YamlDocument {
  /** Its plain value; an empty object where there is no text, or none that can be read. */
  readonly value: unknown;
  readonly findings: readonly Finding[];
  /** The line and column of a key or list item; of what holds it where it is not there itself. */
  locate(finding: Pick<Finding, "path" | "offset">): Place;
  /** A scalar without quotes. */
  isPlain(path: KeyPath): boolean;
}

/** Reads YAML 1.2. Never throws: what is wrong with the text is a finding. */
export function readYaml(text: string): YamlDocument {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const findings: Finding[] = document.errors.map((error) => ({
    ...fault([], yamlMessage(error.code, error.message), yamlRemedy(error.code)),
    offset: error.pos[0],
  }));
  let value: unknown = {};
  if (findings.length === 0) {
    try {
      value = document.toJS() ?? {};
    } catch {
      findings.push(fault([], "the aliases (*name) unfold to too much", "Write the values out."));
    }
  }
  return {
    value,
    findings,
    locate: ({ path, offset }) => {
      const { line, col } = lines.linePos(offset ?? offsetOf(document.contents, path));
      return { line: Math.max(line, 1), column: Math.max(col, 1) };
    },
    isPlain: (path) => {
      const node = document.getIn(path, true);
      return isScalar(node) && node.type === Scalar.PLAIN;
    },
  };
}

function yamlMessage(code: string, message: string): string {
  if (code === "DUPLICATE_KEY")
    return "this key stands here twice, and one of the two would be lost";
  return `this is not valid YAML (${message.replace(/\.$/, "").split("\n")[0]})`;
}

function yamlRemedy(code: string): string {
  return code === "DUPLICATE_KEY" ? "Keep one of them." : "Check the indentation and the quotes.";
}

/** Where the last part of `path` that is there begins: a map's key, or a list's item. */
function offsetOf(root: Node | null, path: KeyPath): number {
  let node: unknown = root;
  let offset = root?.range?.[0] ?? 0;
  for (const part of path) {
    if (isMap(node)) {
      const pair = node.items.find(
        ({ key }) => isScalar(key) && String(key.value) === String(part),
      );
      if (pair === undefined) return offset;
      if (isScalar(pair.key)) offset = pair.key.range?.[0] ?? offset;
      node = pair.value;
    } else if (isSeq(node)) {
      const item: unknown = node.items[Number(part)];
      if (item === undefined) return offset;
      offset = rangeStart(item) ?? offset;
      node = item;
    } else return offset;
  }
  return offset;
}

function rangeStart(node: unknown): number | undefined {
  return isScalar(node) || isMap(node) || isSeq(node) ? node.range?.[0] : undefined;
}
