import { useState } from "react";
import { Button, CopyButton } from "../parts/button.tsx";
import { CodeBlock } from "../parts/code-block.tsx";
import { count } from "../format.ts";
import { hides, revealed } from "../parts/reveal.ts";

export interface LongTextProps {
  readonly text: string;
  readonly label: string;
}

/** So many characters are shown, and so many more each time. */
const step = 100_000;

/** A text as it is, its beginning first where it is long; what would not be seen is marked. */
export function LongText({ text, label }: LongTextProps) {
  const [shown, setShown] = useState(step);
  const part = text.slice(0, shown);
  const left = text.length - part.length;
  return (
    <div className="body-long">
      <CodeBlock text={revealed(part)} label={label} wrap copy={false} />
      <div className="row">
        <CopyButton text={text} label={left > 0 ? "Copy all of it" : "Copy"} />
        {left > 0 && (
          <Button onClick={() => setShown(shown + step * 4)}>
            Show more ({count(left)} characters are left)
          </Button>
        )}
      </div>
      {hides(part) && (
        <p className="muted">
          Characters that cannot be seen are marked, as ⟨U+202E⟩; a copy has them as they came.
        </p>
      )}
    </div>
  );
}
