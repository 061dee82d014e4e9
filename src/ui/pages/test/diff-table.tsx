import "./diff.css";
import { useState } from "react";
import { count } from "../../format.ts";
import { Button } from "../../parts/button.tsx";
import { classes } from "../../parts/classes.ts";
import { revealed } from "../../parts/reveal.ts";
import type { Change, DiffRow } from "./diff-lines.ts";

export interface DiffTableProps {
  readonly caption: string;
  /** Rows of headers have names. */
  readonly rows: readonly (DiffRow & { readonly name?: string })[];
}

const signs: Readonly<Record<Change, readonly [sign: string, word: string]>> = {
  same: ["=", "same"],
  changed: ["≠", "changed"],
  added: ["+", "added"],
  removed: ["−", "removed"],
  connection: ["·", "set by the connection"],
};

const differs: Readonly<Record<Change, boolean>> = {
  same: false,
  changed: true,
  added: true,
  removed: true,
  connection: false,
};

/** So many lines at first: a body may have thousands. */
const step = 400;

/** Two sides of something, line by line, with a sign and a word for what became of each. */
export function DiffTable({ caption, rows }: DiffTableProps) {
  const [most, setMost] = useState(step);
  const hasNames = rows.some(({ name }) => name !== undefined);
  const differing = rows.filter(({ change }) => differs[change]).length;
  return (
    <div className="stack">
      <div className="test-diff-box" tabIndex={0} role="group" aria-label={caption}>
        <table className={classes("test-diff", hasNames && "test-diff-named")}>
          <caption>
            {caption}:{" "}
            {differing === 0
              ? "nothing differs"
              : `${count(differing)} of ${count(rows.length)} differ`}
          </caption>
          <thead>
            <tr>
              <th scope="col">What</th>
              {hasNames && <th scope="col">Name</th>}
              <th scope="col">The client sent</th>
              <th scope="col">The upstream got</th>
            </tr>
          </thead>
          <tbody>
            {rows.slice(0, most).map((row, index) => (
              <Row key={index} row={row} />
            ))}
          </tbody>
        </table>
      </div>
      {rows.length > most && (
        <Button onClick={() => setMost(most + step * 5)}>
          Show more ({count(rows.length - most)} lines are left)
        </Button>
      )}
    </div>
  );
}

function Row({
  row: { name, change, before, after },
}: {
  readonly row: DiffTableProps["rows"][number];
}) {
  const [sign, word] = signs[change];
  return (
    <tr className={`test-diff-${change}`}>
      <td className="nowrap">
        <span className="test-sign" aria-hidden="true">
          {sign}
        </span>{" "}
        {word}
      </td>
      {name !== undefined && (
        <th scope="row">
          <bdi className="mono break">{revealed(name)}</bdi>
        </th>
      )}
      <Side text={before} label="Client: " />
      <Side text={after} label="Upstream: " />
    </tr>
  );
}

function Side({ text, label }: { readonly text: string | null; readonly label: string }) {
  return (
    <td data-label={label}>
      {text === null ? (
        <span className="muted">nothing</span>
      ) : (
        <bdi className="mono test-diff-text">{revealed(text)}</bdi>
      )}
    </td>
  );
}
