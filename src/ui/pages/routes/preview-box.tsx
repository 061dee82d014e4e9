import { useEffect, useState } from "react";
import { rootPath } from "../../api.ts";
import { type PreviewInput, previewOf, previewText } from "./preview.ts";

/** Says where requests go, as one types. */
export function PreviewBox({ values }: { readonly values: PreviewInput }) {
  const preview = previewOf(values, location.origin + rootPath);
  const said = useLater(preview === null ? "" : previewText(preview));
  return (
    <div className="routes-preview">
      <h3>Where requests go</h3>
      {preview === null ? (
        <p className="muted">Enter a path and a target to see it.</p>
      ) : (
        <>
          <p className="break">
            <code>{preview.line.from}</code> goes to <code>{preview.line.to}</code>
          </p>
          {preview.bare !== null && (
            <p className="break muted">
              <code>{preview.bare.from}</code> goes to <code>{preview.bare.to}</code>
            </p>
          )}
          {preview.notes.length > 0 && <p className="muted">{preview.notes.join(" ")}</p>}
        </>
      )}
      <p className="visually-hidden" role="status">
        {said}
      </p>
    </div>
  );
}

/** A text once it has stood still: nobody wants each letter read out. */
function useLater(text: string): string {
  const [settled, setSettled] = useState("");
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), 1000);
    return () => clearTimeout(timer);
  }, [text]);
  return settled;
}
