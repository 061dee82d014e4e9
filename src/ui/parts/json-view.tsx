import { late } from "../late.tsx";
import { CodeBlock } from "./code-block.tsx";
import { Skeleton } from "./progress.tsx";

export interface JsonViewProps {
  readonly value: unknown;
  /** What it is. */
  readonly label: string;
}

const JsonTree = late(
  () => import("./json-tree.tsx").then(({ JsonTree }) => JsonTree),
  <Skeleton />,
);

/** A JSON value as a tree that opens and closes; what is no object or list, as text. */
export function JsonView({ value, label }: JsonViewProps) {
  if (typeof value !== "object" || value === null) {
    const text = typeof value === "string" ? value : (JSON.stringify(value) ?? "undefined");
    return <CodeBlock text={text} label={label} wrap />;
  }
  return <JsonTree value={value} label={label} />;
}
