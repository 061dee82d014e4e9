import { useMemo } from "react";
import { JsonView as Tree } from "react-json-view-lite";
import { CopyButton } from "./button.tsx";
import { withinLimits } from "./json-limits.ts";

const style = {
  container: "json-tree mono",
  basicChildStyle: "json-child",
  childFieldsContainer: "json-children",
  label: "json-label",
  clickableLabel: "json-label json-click",
  nullValue: "json-null",
  undefinedValue: "json-null",
  numberValue: "json-number",
  stringValue: "json-string",
  booleanValue: "json-boolean",
  otherValue: "json-null",
  punctuation: "json-mark",
  expandIcon: "json-icon json-expand",
  collapseIcon: "json-icon json-collapse",
  collapsedContent: "json-collapsed",
  noQuotesForStringValues: false,
  quotesForFieldNames: false,
  stringifyStringValues: true,
  ariaLables: { collapseJson: "Close", expandJson: "Open" },
};

/** Characters: about a screen. */
const smallLength = 3000;

export interface JsonTreeProps {
  readonly value: object;
  readonly label: string;
}

/** The tree itself, in a chunk of its own: text nodes only; a small one is all open, of others three levels. */
export function JsonTree({ value, label }: JsonTreeProps) {
  const { value: shown, isCut } = useMemo(() => withinLimits(value), [value]);
  const levels = useMemo(() => (JSON.stringify(shown).length < smallLength ? 8 : 3), [shown]);
  if (typeof shown !== "object" || shown === null) return null;
  return (
    <div className="json-view">
      <Tree
        data={shown}
        style={style}
        shouldExpandNode={(level) => level < levels}
        clickToExpandNode
        aria-label={label}
      />
      <CopyButton text={() => JSON.stringify(value, null, 2)} />
      {isCut && <p className="muted">It is too large to be shown in full; “Copy” has all of it.</p>}
    </div>
  );
}
