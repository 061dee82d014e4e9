import { useRef, useState } from "react";
import { api } from "../../api.ts";
import { count } from "../../format.ts";
import { Button } from "../../parts/button.tsx";
import { ConfirmDialog, Dialog } from "../../parts/dialog.tsx";

interface Rotated {
  readonly resealed: number;
  readonly kid: string;
  readonly lines: number;
}

/** Seals the routes' secrets under a new key, once it was said what that means. */
export function RotateDialog({ onClose }: { readonly onClose: () => void }) {
  const [rotated, setRotated] = useState<Rotated | null>(null);
  const isDone = useRef(false);
  const confirm = async () => {
    const reply = await api.post<Rotated>("/config/rotate_key");
    isDone.current = true;
    setRotated(reply);
  };
  if (rotated !== null) return <RotatedDialog rotated={rotated} onClose={onClose} />;
  return (
    <ConfirmDialog
      open
      onClose={() => isDone.current || onClose()} // it closes after success too: then the result is shown
      title="Rotate the salt key"
      action="Rotate the key"
      text={<Explained />}
      onConfirm={confirm}
    />
  );
}

function Explained() {
  return (
    <div className="stack">
      <p>
        The file <code>salt_key</code> in the data directory gets a new last line. Every secret of a
        route that was made on the page or through the API is sealed under it. Calls go on
        meanwhile, and nobody’s key changes.
      </p>
      <div className="note note-warn">
        <p className="note-title">Back up salt_key again afterwards</p>
        <p>
          Without the new line a restored data directory cannot open these secrets, and the gateway
          will not start with it. Keep the old backups’ <code>salt_key</code> with them too.
        </p>
      </div>
      <p className="muted">
        Where the salt key comes from a variable or a credential, add a line to it there first and
        restart: the gateway does not write it.
      </p>
    </div>
  );
}

interface RotatedDialogProps {
  readonly rotated: Rotated;
  readonly onClose: () => void;
}

function RotatedDialog({ rotated: { resealed, kid, lines }, onClose }: RotatedDialogProps) {
  return (
    <Dialog
      open
      onClose={onClose}
      title="The salt key was rotated"
      footer={
        <Button kind="primary" onClick={onClose}>
          Done
        </Button>
      }
    >
      <dl className="config-facts">
        <dt>Secrets sealed anew</dt>
        <dd>{count(resealed)}</dd>
        <dt>Key id</dt>
        <dd>
          <code className="break">{kid}</code>
        </dd>
        <dt>Lines of the salt key</dt>
        <dd>{count(lines)}</dd>
      </dl>
      <div className="note note-warn">
        <p className="note-title">Back up the file salt_key now</p>
        <p>It is in the data directory. Keep it apart from the backups of the database.</p>
      </div>
    </Dialog>
  );
}
