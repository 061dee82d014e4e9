import { useEffect, useRef, useState } from "react";
import { api, useReload } from "../../api.ts";
import { count } from "../../format.ts";
import { Button } from "../../parts/button.tsx";
import { Dialog } from "../../parts/dialog.tsx";
import { ErrorNote } from "../../parts/error-note.tsx";
import { Spinner } from "../../parts/progress.tsx";
import { useToast } from "../../parts/toast.tsx";
import { changesNothing, type PreviewReply } from "./changes.ts";
import { PreviewView } from "./preview-view.tsx";

export interface ReloadDialogProps {
  readonly file: string;
  readonly onClose: () => void;
}

interface Reloaded {
  readonly routes: number;
}

/** Says what a reload would change before it is done; nothing happens until "Apply". */
export function ReloadDialog({ file, onClose }: ReloadDialogProps) {
  const { preview, error, look } = usePreview();
  const [isBusy, setBusy] = useState(false);
  const [failure, setFailure] = useState<unknown>(null);
  const told = useRef<HTMLDivElement>(null);
  const toast = useToast();
  const reload = useReload();
  const canApply = preview !== null && preview.can_reload && !changesNothing(preview);

  const lookAgain = () => {
    told.current?.focus(); // this button may be gone after that
    look();
  };
  const apply = async () => {
    setBusy(true);
    setFailure(null);
    try {
      const { routes } = await api.post<Reloaded>("/config/reload");
      toast(
        `The configuration is in force: ${count(routes)} ${routes === 1 ? "route" : "routes"}.`,
      );
      onClose();
    } catch (thrown) {
      setFailure(thrown);
      setBusy(false);
    }
    await reload("/");
  };
  const footer = (
    <>
      <Button onClick={onClose}>{canApply ? "Cancel" : "Close"}</Button>
      {!canApply && (
        <Button kind="primary" busy={preview === null && error === null} onClick={lookAgain}>
          Look again
        </Button>
      )}
      {canApply && (
        <Button kind="primary" busy={isBusy} onClick={() => void apply()}>
          Apply
        </Button>
      )}
    </>
  );
  return (
    <Dialog open onClose={onClose} title="Reload the configuration" footer={footer} wide>
      <div ref={told} tabIndex={-1} aria-live="polite" className="stack config-told">
        {error !== null && <ErrorNote error={error} what="What would change could not be told." />}
        {preview === null && error === null && <Spinner label={`Reading ${file}`} />}
        {preview !== null && <PreviewView preview={preview} file={file} />}
      </div>
      {failure !== null && (
        <ErrorNote
          error={failure}
          what="It was not applied, and the former configuration stays in force."
          hint="The file may have changed since you looked: close this and look again."
        />
      )}
    </Dialog>
  );
}

/** Asks when it is opened, and again when told to. */
function usePreview() {
  const [preview, setPreview] = useState<PreviewReply | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [looks, setLooks] = useState(0);
  useEffect(() => {
    let isWanted = true;
    setPreview(null);
    setError(null);
    api.post<PreviewReply>("/config/reload?dry_run=true").then(
      (told) => isWanted && setPreview(told),
      (thrown: unknown) => isWanted && setError(thrown),
    );
    return () => {
      isWanted = false;
    };
  }, [looks]);
  return { preview, error, look: () => setLooks(looks + 1) };
}
