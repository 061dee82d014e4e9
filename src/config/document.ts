import { type Document, isScalar, LineCounter, parseDocument, Scalar, visit } from "yaml";
import { type Finding, fault, type KeyPath, type Place } from "./findings.ts";
import { isRecord } from "./walk.ts";
import { findNode } from "./yaml-nodes.ts";

/** A YAML text with its positions kept. */
export interface YamlDocument {
  /** Its plain value; an empty object where there is no text, or none that can be read. */
  readonly value: unknown;
  readonly findings: readonly Finding[];
  /** The line and column of a key or list item; of what holds it where it is not there itself. */
  locate(finding: Pick<Finding, "path" | "offset">): Place;
  /** A scalar without quotes, as it is written; null for anything else. */
  plain(path: KeyPath): string | null;
}

/** Deeper than any config, and far from what a stack holds. */
const deepest = 64;

/** Reads YAML 1.2 and merged maps (`<<`). Never throws: what is wrong with the text is a finding. */
export function readYaml(text: string): YamlDocument {
  const lines = new LineCounter();
  const options = {
    lineCounter: lines,
    prettyErrors: false,
    merge: true,
    logLevel: "error",
  } as const;
  let document: Document;
  try {
    document = parseDocument(text, options);
  } catch {
    document = parseDocument("", options); // nested so deep that the parser ran out of stack
    return documentOf(document, lines, {}, [tooDeep()]);
  }
  const findings = document.errors.some(({ message }) => /call stack/.test(message))
    ? [tooDeep()]
    : yamlFindings(document);
  if (findings.length > 0) return documentOf(document, lines, {}, findings);
  try {
    const value: unknown = document.toJS({ maxAliasCount: 10_000 }) ?? {};
    if (depth(value, deepest) < deepest) return documentOf(document, lines, value, []);
    return documentOf(document, lines, {}, [tooDeep()]);
  } catch {
    return documentOf(document, lines, {}, [aliasFault(document)]);
  }
}

function documentOf(
  document: Document,
  lines: LineCounter,
  value: unknown,
  findings: readonly Finding[],
): YamlDocument {
  return {
    value,
    findings,
    locate: ({ path, offset }) => {
      const { line, col } = lines.linePos(offset ?? findNode(document, path).offset);
      return { line: Math.max(line, 1), column: Math.max(col, 1) };
    },
    plain: (path) => {
      const { node, complete } = findNode(document, path);
      const written = complete && isScalar(node) && node.type === Scalar.PLAIN;
      return written ? (node.source ?? null) : null;
    },
  };
}

function tooDeep(): Finding {
  return fault([], "the text is nested too deep", `Nest at most ${deepest} levels.`);
}

function aliasFault(document: Document): Finding {
  let offset: number | undefined;
  visit(document, {
    Alias: (_, alias) => {
      if (alias.resolve(document) !== undefined) return undefined;
      offset = alias.range?.[0];
      return visit.BREAK;
    },
  });
  return offset === undefined
    ? fault([], "the aliases (*name) unfold to too much", "Write the values out.")
    : { ...fault([], "nothing above has this name (&name)", "Write the value out."), offset };
}

/** The deepest level, counted no further than `limit`: a value may hold itself. */
function depth(value: unknown, limit: number): number {
  const children = Array.isArray(value) ? value : isRecord(value) ? Object.values(value) : [];
  if (limit === 0 || children.length === 0) return 0;
  let most = 0;
  for (const child of children) {
    most = Math.max(most, 1 + depth(child, limit - 1));
    if (most >= limit) break;
  }
  return most;
}

/** The parser's own words, where there are none for people who never read its documentation. */
const words: Readonly<Record<string, readonly [message: string, remedy: string]>> = {
  DUPLICATE_KEY: [
    "this key stands here twice, and one of the two would be lost",
    "Keep one of them.",
  ],
  MULTIPLE_DOCS: ["a second document begins here (---)", "Keep one in a file."],
  TAB_AS_INDENT: ["a tab stands in the indentation", "Indent with spaces."],
  TAG_RESOLVE_FAILED: ["this tag (!name) is not read", "Write the value without it."],
};

function yamlFindings({ errors, warnings }: Document): Finding[] {
  const tags = warnings.filter(({ code }) => code === "TAG_RESOLVE_FAILED");
  return [...errors, ...tags].map(({ code, message, pos }) => {
    const text = `this is not valid YAML (${message.replace(/\.$/, "").split("\n")[0]})`;
    const [what, remedy] = words[code] ?? [text, "Check the indentation and the quotes."];
    return { ...fault([], what, remedy), offset: pos[0] };
  });
}
