import { CopyButton } from "./button.tsx";
import { classes } from "./classes.ts";

export interface CodeBlockProps {
  readonly text: string;
  /** Says what it is, as "curl command". */
  readonly label: string;
  readonly wrap?: boolean;
  readonly copy?: boolean;
}

/** Text for machines, as it is. */
export function CodeBlock({ text, label, wrap = false, copy = true }: CodeBlockProps) {
  return (
    <div className="code-block">
      <pre className={classes("mono", wrap && "wrap")} tabIndex={0} role="group" aria-label={label}>
        <code>{text}</code>
      </pre>
      {copy && <CopyButton text={text} />}
    </div>
  );
}
