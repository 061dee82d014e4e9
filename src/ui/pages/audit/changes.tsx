import { useMemo, useState } from "react";
import { count } from "../../format.ts";
import { JsonView } from "../../parts/json-view.tsx";
import type { AuditReply } from "../../replies.ts";
import { hasMasked, type MemberChange, memberChanges } from "./diff.ts";

/** So many are in sight; the others open. */
const inSight = 5;

/** What a change made of what was there: what differs alone, and all of it on demand. */
export function Changes({ entry }: { readonly entry: AuditReply }) {
  const { action, before, after, subject } = entry;
  const changes = useMemo(
    () => memberChanges(before, after).filter((one) => (one.after ?? one.before) !== subject),
    [before, after, subject],
  );
  const [isOpen, setOpen] = useState(false);
  if (before === null && after === null) return <span className="muted">Nothing is noted.</span>;
  const hasBoth = before !== null && after !== null;
  const rest = changes.slice(inSight);
  return (
    <div className="audit-changes">
      {after === null && changes.length > 0 && <span className="muted">It was:</span>}
      <ChangeList changes={changes.slice(0, inSight)} hasBoth={hasBoth} />
      {rest.length > 0 && (
        <details>
          <summary>{count(rest.length)} more</summary>
          <ChangeList changes={rest} hasBoth={hasBoth} />
        </details>
      )}
      {hasBoth && <Unseen action={action} changes={changes.length} entry={entry} />}
      <details onToggle={(event) => setOpen(event.currentTarget.open)}>
        <summary>As JSON</summary>
        {isOpen && (
          <div className="audit-json">
            {before !== null && <JsonSide label="Before" value={before} />}
            {after !== null && <JsonSide label="After" value={after} />}
          </div>
        )}
      </details>
    </div>
  );
}

interface UnseenProps {
  readonly action: string;
  readonly changes: number;
  readonly entry: AuditReply;
}

/** What a list of differences cannot show: masked secrets look alike, and a key itself is never noted. */
function Unseen({ action, changes, entry: { before, after } }: UnseenProps) {
  if (action === "key.regenerate") {
    return <span className="muted">A new key under the same id.</span>;
  }
  if (hasMasked(before) && hasMasked(after)) {
    return <span className="muted">Secrets are masked: whether one changed cannot be seen.</span>;
  }
  return changes === 0 ? <span className="muted">Nothing that is shown differs.</span> : null;
}

function JsonSide({ label, value }: { readonly label: string; readonly value: unknown }) {
  return (
    <div>
      <p className="muted">{label}</p>
      <JsonView label={label} value={value} />
    </div>
  );
}

interface ChangeListProps {
  readonly changes: readonly MemberChange[];
  /** It was there before and after: otherwise there is nothing to compare with. */
  readonly hasBoth: boolean;
}

function ChangeList({ changes, hasBoth }: ChangeListProps) {
  if (changes.length === 0) return null;
  return (
    <ul className="audit-list">
      {changes.map((change) => (
        <li key={change.name} className="break">
          <span className="audit-member">{change.name}:</span>{" "}
          {hasBoth ? <BeforeAfter change={change} /> : <Value change={change} />}
        </li>
      ))}
    </ul>
  );
}

function Value({ change: { before, after } }: { readonly change: MemberChange }) {
  return <span className="mono">{shortened(after ?? before ?? "")}</span>;
}

function BeforeAfter({ change: { before, after } }: { readonly change: MemberChange }) {
  return (
    <>
      <span className="visually-hidden">was </span>
      {before === null ? (
        <span className="muted">not set</span>
      ) : (
        <del className="mono">{shortened(before)}</del>
      )}{" "}
      <span aria-hidden="true">→</span>
      <span className="visually-hidden">, is now</span>{" "}
      {after === null ? (
        <span className="muted">not set</span>
      ) : (
        <ins className="mono">{shortened(after)}</ins>
      )}
    </>
  );
}

const longest = 300;

/** The whole of it is in the JSON. */
function shortened(text: string): string {
  return text.length <= longest ? text : `${text.slice(0, longest)}…`;
}
