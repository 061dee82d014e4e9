import { useState } from "react";
import { Link } from "wouter";
import { api, useReload } from "../../api.ts";
import { dateTime, usd } from "../../format.ts";
import { Button } from "../../parts/button.tsx";
import { Card } from "../../parts/card.tsx";
import { useToast } from "../../parts/toast.tsx";
import type { KeyReply, TeamReply } from "../../replies.ts";
import { teamTitle } from "../../titles.ts";
import { teamHref } from "../../hrefs.ts";
import { Facts } from "../../payers/facts.tsx";
import { EditCard } from "../../payers/edit-card.tsx";
import { KeyFields, keyFieldNames } from "./key-fields.tsx";
import { keepsEnd, keyChanges, keyFaults, keyFormOf } from "./key-form.ts";
import { payerFacts } from "../../payers/payer-facts.tsx";
import { useSubmit } from "../../payers/use-submit.ts";

export interface KeySettingsProps {
  readonly info: KeyReply;
  /** Its team, once that is known. */
  readonly team: TeamReply | undefined;
}

/** Everything that a key was given: read, and changed in its place. */
export function KeySettings({ info, team }: KeySettingsProps) {
  const [isEditing, setEditing] = useState(false);
  if (isEditing) return <EditKey info={info} onDone={() => setEditing(false)} />;
  return (
    <Card title="Settings" actions={<Button onClick={() => setEditing(true)}>Edit</Button>}>
      <Facts
        facts={[
          ["Alias", info.key_alias === null ? null : <bdi className="break">{info.key_alias}</bdi>],
          ["Key", <code>{info.key_name}</code>],
          ["Id", <code className="break">{info.token}</code>],
          ["Role", info.user_role === "proxy_admin" ? "admin" : "calls only"],
          ["Team", info.team_id === null ? null : <TeamLink id={info.team_id} team={team} />],
          ["User", info.user_id === null ? null : <bdi className="break">{info.user_id}</bdi>],
          ["Expires", info.expires === null ? "never" : dateTime(info.expires)],
          ["Warn from", info.soft_budget === null ? null : usd(info.soft_budget)],
          ...payerFacts(info, info.team_id !== null),
        ]}
      />
    </Card>
  );
}

function TeamLink({ id, team }: { id: string; team: TeamReply | undefined }) {
  return (
    <Link href={teamHref(id)}>
      <bdi className="break">{team === undefined ? id : teamTitle(team)}</bdi>
    </Link>
  );
}

interface EditKeyProps {
  readonly info: KeyReply;
  readonly onDone: () => void;
}

function EditKey({ info, onDone }: EditKeyProps) {
  const [start] = useState(info); // what changes meanwhile elsewhere is no change of this form's
  const [form, setForm] = useState(() => keyFormOf(start));
  const changes = keyChanges(start, form);
  const reload = useReload();
  const toast = useToast();
  const submit = useSubmit({
    fields: keyFieldNames,
    check: () => keyFaults(form),
    send: async () => {
      if (changes !== null) await api.post("/key/update", changes);
      onDone();
      toast(changes === null ? "Nothing was changed." : "The key is changed.");
      await reload("/key/");
    },
  });
  const end = start.expires === null ? "never" : dateTime(start.expires);
  return (
    <EditCard
      submit={submit}
      failure="The key was not changed"
      isChanged={changes !== null}
      onCancel={onDone}
    >
      <KeyFields
        form={form}
        onChange={(next) => setForm((before) => ({ ...before, ...next }))}
        faults={submit.faults}
        end={{ value: keepsEnd, label: `As it is: ${end}` }}
      />
    </EditCard>
  );
}
