import { Badge } from "../../parts/badge.tsx";
import { Button } from "../../parts/button.tsx";
import { Dialog } from "../../parts/dialog.tsx";
import type { EndpointReply } from "../../replies.ts";
import { changedMeanwhile } from "./conflict.ts";
import { type RouteValues, settingsOf, valuesOf } from "./form-state.ts";
import { labelOf } from "./labels.ts";

export interface ConflictDialogProps {
  /** What one's own changes began with. */
  readonly base: RouteValues;
  readonly mine: RouteValues;
  readonly theirs: EndpointReply;
  readonly onLoad: () => void;
  readonly onKeep: () => void;
  readonly onClose: () => void;
}

/** Somebody else was faster: what they changed, and what to do with one's own changes. */
export function ConflictDialog(props: ConflictDialogProps) {
  const { base, mine, theirs, onLoad, onKeep, onClose } = props;
  const changed = changedMeanwhile(
    settingsOf(base),
    settingsOf(mine),
    settingsOf(valuesOf(theirs)),
  );
  const who = theirs["updated_by"];
  return (
    <Dialog
      open
      wide
      onClose={onClose}
      title="This route was changed meanwhile"
      footer={
        <>
          <Button onClick={onLoad}>Load the new state, drop my changes</Button>
          <Button kind="primary" onClick={onKeep}>
            Keep my changes over it
          </Button>
        </>
      }
    >
      <p>
        Nothing was saved yet, and nothing you typed is lost.{" "}
        {typeof who === "string" && who !== "" && <>Changed by {who}.</>}
      </p>
      {changed.length === 0 ? (
        <p>What was changed is not part of this form: a stored secret, or the same once more.</p>
      ) : (
        <dl className="routes-changes">
          {changed.map(({ name, before, now, isContested, mine: own }) => (
            <div key={name}>
              <dt>
                {labelOf(name)} {isContested && <Badge kind="warn">you changed it too</Badge>}
              </dt>
              <dd>
                <del>{before}</del> <span aria-hidden="true">→</span> <ins>{now}</ins>
                {own !== null && <>(yours: {own})</>}
              </dd>
            </div>
          ))}
        </dl>
      )}
      <p className="muted">
        With “Keep my changes” the form shows the new state with yours over it: look it through, and
        save once more.
      </p>
    </Dialog>
  );
}
