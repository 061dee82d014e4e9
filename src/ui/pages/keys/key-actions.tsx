import { useState } from "react";
import { useLocation } from "wouter";
import { api, useReload } from "../../api.ts";
import { Button } from "../../parts/button.tsx";
import { ConfirmDialog } from "../../parts/dialog.tsx";
import { useToast } from "../../parts/toast.tsx";
import { BlockButton } from "../../payers/block-button.tsx";
import type { KeyReply } from "../../replies.ts";
import { useSession } from "../../session.ts";
import { type IssuedKey, IssuedDialog } from "./issued-dialog.tsx";
import { keyTitle, typable } from "../../titles.ts";

type Asked = "regenerate" | "revoke" | null;

/** What can be done with a key: each asks first where somebody may be cut off. */
export function KeyActions({ info }: { readonly info: KeyReply }) {
  const [asked, setAsked] = useState<Asked>(null);
  const [issued, setIssued] = useState<IssuedKey | null>(null);
  const [, navigate] = useLocation();
  const isOwn = useSession()?.actor === info.token;
  const reload = useReload();
  const toast = useToast();
  const key = { key: info.token };
  const close = () => setAsked(null);
  const own = isOwn ? " You are signed in with this key: this page stops working for you." : "";

  const block = async (isBlocked: boolean) => {
    await api.post(isBlocked ? "/key/block" : "/key/unblock", key);
    await reload("/key/");
  };
  const regenerate = async () => {
    setIssued(await api.post<IssuedKey>("/key/regenerate", key));
    void reload("/key/");
  };
  const revoke = async () => {
    await api.post("/key/delete", { keys: [info.token] });
    toast(`${keyTitle(info)} is revoked.`);
    navigate("/keys", { replace: true });
    void reload("/key/list");
  };
  return (
    <>
      <BlockButton
        what="key"
        isBlocked={info.blocked}
        text={`Every call with it is refused from now on, until it is unblocked.${own}`}
        onBlock={block}
      />
      <Button onClick={() => setAsked("regenerate")}>Regenerate</Button>
      <Button kind="danger" onClick={() => setAsked("revoke")}>
        Revoke
      </Button>
      <ConfirmDialog
        open={asked === "regenerate"}
        onClose={close}
        title="Regenerate this key?"
        text={`A new key is made with the same id, limits and spend. The old one stops working at once: have the place at hand where the new one goes.${own}`}
        action="Regenerate the key"
        onConfirm={regenerate}
      />
      <ConfirmDialog
        open={asked === "revoke"}
        onClose={close}
        title="Revoke this key?"
        text={`Every call with it is refused from now on, for good. Its calls stay in the logs.${own}`}
        action="Revoke the key"
        typed={typable(info.key_alias, info.key_name)}
        danger
        onConfirm={revoke}
      />
      {issued !== null && <IssuedDialog issued={issued} isAnew onClose={() => setIssued(null)} />}
    </>
  );
}
