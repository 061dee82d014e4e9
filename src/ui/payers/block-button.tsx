import { useState } from "react";
import { Button } from "../parts/button.tsx";
import { ConfirmDialog } from "../parts/dialog.tsx";
import { useToast } from "../parts/toast.tsx";

export interface BlockButtonProps {
  readonly what: "key" | "team";
  readonly isBlocked: boolean;
  /** What blocking does, for who is asked. */
  readonly text: string;
  /** Has it blocked, or let in again. */
  readonly onBlock: (isBlocked: boolean) => Promise<void>;
}

/** Blocks a key or a team, which asks first, or lets it in again. */
export function BlockButton({ what, isBlocked, text, onBlock }: BlockButtonProps) {
  const [isAsking, setAsking] = useState(false);
  const toast = useToast();
  const block = async () => {
    await onBlock(true);
    toast(`The ${what} is blocked.`);
  };
  const unblock = async () => {
    try {
      await onBlock(false);
      toast(`The ${what} is let in again.`);
    } catch (error) {
      toast(`Not unblocked: ${error instanceof Error ? error.message : "try again."}`, "bad");
    }
  };
  return (
    <>
      {isBlocked ? (
        <Button onClick={() => void unblock()}>Unblock</Button>
      ) : (
        <Button onClick={() => setAsking(true)}>Block</Button>
      )}
      <ConfirmDialog
        open={isAsking}
        onClose={() => setAsking(false)}
        title={`Block this ${what}?`}
        text={text}
        action={`Block the ${what}`}
        onConfirm={block}
      />
    </>
  );
}
