import { useEffect, useState } from "react";
import { duration } from "../../format.ts";
import { Button } from "../../parts/button.tsx";
import type { TestRun } from "./run.ts";
import { useRun } from "./use-run.ts";

export interface SendButtonProps {
  readonly run: TestRun | null;
  readonly isReady: boolean;
}

/** Send, and while a call runs: stop, and for how long it has been running. */
export function SendButton({ run, isReady }: SendButtonProps) {
  return (
    <div className="row">
      {run === null ? <Send isBusy={!isReady} /> : <SendOrStop run={run} />}
    </div>
  );
}

function SendOrStop({ run }: { readonly run: TestRun }) {
  useRun(run);
  if (!run.isRunning) return <Send isBusy={false} />;
  return (
    <>
      <Send isBusy />
      <Button kind="danger" onClick={() => run.stop()}>
        Stop
      </Button>
      <Elapsed run={run} />
    </>
  );
}

function Send({ isBusy }: { readonly isBusy: boolean }) {
  return (
    <>
      <Button kind="primary" type="submit" busy={isBusy}>
        Send
      </Button>
      {!isBusy && (
        <span className="muted test-shortcut">
          or <kbd>Ctrl</kbd> + <kbd>Enter</kbd>
        </span>
      )}
    </>
  );
}

function Elapsed({ run }: { readonly run: TestRun }) {
  const [now, setNow] = useState(() => performance.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(performance.now()), 100);
    return () => clearInterval(timer);
  }, []);
  return (
    <span className="muted" role="timer" aria-live="off">
      {duration(Math.max(0, now - run.startedAt))}
    </span>
  );
}
