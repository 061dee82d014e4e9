import { useState } from "react";
import { useLocation } from "wouter";
import { api, useReload } from "../../api.ts";
import { Button } from "../../parts/button.tsx";
import { ConfirmDialog } from "../../parts/dialog.tsx";
import { useToast } from "../../parts/toast.tsx";
import { BlockButton } from "../../payers/block-button.tsx";
import type { TeamReply } from "../../replies.ts";
import { count } from "../../format.ts";
import { teamTitle, typable } from "../../titles.ts";

export interface TeamActionsProps {
  readonly team: TeamReply;
  /** How many keys it has. */
  readonly keys: number;
}

/** What can be done with a team; each asks first where somebody is cut off. */
export function TeamActions({ team, keys }: TeamActionsProps) {
  const [isAsked, setAsked] = useState(false);
  const [, navigate] = useLocation();
  const reload = useReload();
  const toast = useToast();
  const { team_id: id } = team;
  const close = () => setAsked(false);

  const block = async (blocked: boolean) => {
    await api.post("/team/update", { team_id: id, blocked });
    await reload("/team/");
  };
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
      <BlockButton
        what="team"
        isBlocked={team.blocked}
        text={`Every call with a key of this team is refused from now on, until the team is unblocked. It has ${keysText(keys)}.`}
        onBlock={block}
      />
      <Button kind="danger" onClick={() => setAsked(true)}>
        Delete
      </Button>
      <ConfirmDialog
        open={isAsked}
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

/** `1 key`, `1,234 keys`. */
function keysText(amount: number): string {
  return `${count(amount)} ${amount === 1 ? "key" : "keys"}`;
}
