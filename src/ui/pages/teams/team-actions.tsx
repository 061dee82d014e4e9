import { useState } from "react";
import { useLocation } from "wouter";
import { api, useReload } from "../../api.ts";
import { Button } from "../../parts/button.tsx";
import { ConfirmDialog } from "../../parts/dialog.tsx";
import { useToast } from "../../parts/toast.tsx";
import type { TeamReply } from "../../replies.ts";
import { keysText } from "../keys/columns.tsx";
import { typable } from "../keys/limits-text.ts";
import { teamTitle } from "./team-form.ts";

export interface TeamActionsProps {
  readonly team: TeamReply;
  /** How many keys it has. */
  readonly keys: number;
}

/** What can be done with a team; each asks first where somebody is cut off. */
export function TeamActions({ team, keys }: TeamActionsProps) {
  const [asked, setAsked] = useState<"block" | "delete" | null>(null);
  const [, navigate] = useLocation();
  const reload = useReload();
  const toast = useToast();
  const { team_id: id } = team;
  const close = () => setAsked(null);

  const block = async (blocked: boolean) => {
    await api.post("/team/update", { team_id: id, blocked });
    toast(blocked ? "The team is blocked." : "The team is let in again.");
    await reload("/team/");
  };
  const unblock = () =>
    void block(false).catch((error: unknown) =>
      toast(`Not unblocked: ${error instanceof Error ? error.message : "try again."}`, "bad"),
    );
  const remove = async () => {
    await api.post("/team/delete", { team_ids: [id] });
    toast(`${teamTitle(team)} is deleted.`);
    navigate("/teams", { replace: true });
    void reload("/team/list");
    void reload("/key/list");
  };
  const gone =
    keys === 0
      ? "It has no keys."
      : `${keysText(keys)} of the team ${keys === 1 ? "goes" : "go"} with it: calls with ${keys === 1 ? "it" : "them"} are refused from now on, for good.`;
  return (
    <>
      {team.blocked ? (
        <Button onClick={unblock}>Unblock</Button>
      ) : (
        <Button onClick={() => setAsked("block")}>Block</Button>
      )}
      <Button kind="danger" onClick={() => setAsked("delete")}>
        Delete
      </Button>
      <ConfirmDialog
        open={asked === "block"}
        onClose={close}
        title="Block this team?"
        text={`Every call with a key of this team is refused from now on, until the team is unblocked. It has ${keysText(keys)}.`}
        action="Block the team"
        onConfirm={() => block(true)}
      />
      <ConfirmDialog
        open={asked === "delete"}
        onClose={close}
        title="Delete this team?"
        text={`${gone} Its calls stay in the logs.`}
        action="Delete the team"
        typed={typable(team.team_alias, id)}
        danger
        onConfirm={remove}
      />
    </>
  );
}
