import { FaultList } from "../../parts/error-note.tsx";
import { changeLines, changesNothing, needsRestart, type PreviewReply } from "./changes.ts";

export interface PreviewViewProps {
  readonly preview: PreviewReply;
  readonly file: string;
}

/** What a reload would do, as a diff in words. */
export function PreviewView({ preview, file }: PreviewViewProps) {
  if (preview.faults.length > 0) return <Faults faults={preview.faults} />;
  if (changesNothing(preview)) {
    return (
      <p>
        Nothing would change: what <code className="break">{file}</code> says is in force already.
      </p>
    );
  }
  const lines = changeLines(preview);
  return (
    <>
      <p>Between the configuration in force and the file as it is now:</p>
      {lines.length === 0 ? (
        <p>No route and no setting would change.</p>
      ) : (
        <ul className="config-diff" aria-label="What would change">
          {lines.map(({ sign, word, kind, name, parts, needsRestart: isLate }, index) => (
            <li key={index} className={`config-diff-${word}`}>
              <span className="config-sign mono" aria-hidden="true">
                {sign}
              </span>
              <span className="break">
                The {kind} <code>{name}</code> {ends[word]}
                {parts.length > 0 && <>: {parts.join(", ")}</>}.
                {isLate && <strong> It takes a restart.</strong>}
              </span>
            </li>
          ))}
        </ul>
      )}
      {needsRestart(preview) && (
        <div className="note note-warn">
          <p className="note-title">Part of it needs a restart</p>
          <p>
            “Apply” puts the rest in force. The settings marked so are read when the gateway starts.
          </p>
        </div>
      )}
      {preview.warnings.length > 0 && (
        <div className="note note-warn">
          <p className="note-title">New warnings</p>
          <FaultList faults={preview.warnings} />
        </div>
      )}
      <p className="muted">Calls that are under way go on as they began. Values are never shown.</p>
    </>
  );
}

const ends = {
  added: "would be added",
  removed: "would be removed",
  changed: "would change",
} as const;

function Faults({ faults }: Pick<PreviewReply, "faults">) {
  return (
    <div className="note note-bad">
      <p className="note-title">The file has faults, so it cannot be applied.</p>
      <FaultList faults={faults} />
      <p className="muted">
        Nothing changed: the gateway goes on with the configuration it has. Mend the file, then look
        again.
      </p>
    </div>
  );
}
