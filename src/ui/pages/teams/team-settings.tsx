import { useState } from "react";
import { api, useReload } from "../../api.ts";
import { Button } from "../../parts/button.tsx";
import { Card } from "../../parts/card.tsx";
import { useToast } from "../../parts/toast.tsx";
import type { TeamReply } from "../../replies.ts";
import { Facts } from "../../payers/facts.tsx";
import { EditCard } from "../../payers/edit-card.tsx";
import { payerFacts } from "../../payers/payer-facts.tsx";
import { payerFaults } from "../../payers/payer-form.ts";
import { useSubmit } from "../../payers/use-submit.ts";
import { TeamFields, teamFieldNames } from "./team-fields.tsx";
import { teamChanges, teamFormOf } from "./team-form.ts";

/** Everything that a team was given: read, and changed in its place. */
export function TeamSettings({ team }: { readonly team: TeamReply }) {
  const [isEditing, setEditing] = useState(false);
  if (isEditing) return <EditTeam team={team} onDone={() => setEditing(false)} />;
  const { team_alias: alias } = team;
  return (
    <Card title="Settings" actions={<Button onClick={() => setEditing(true)}>Edit</Button>}>
      <Facts
        facts={[
          ["Name", alias === null ? null : <bdi className="break">{alias}</bdi>],
          ["Id", <code className="break">{team.team_id}</code>],
          ...payerFacts(team),
        ]}
      />
    </Card>
  );
}

interface EditTeamProps {
  readonly team: TeamReply;
  readonly onDone: () => void;
}

function EditTeam({ team, onDone }: EditTeamProps) {
  const [start] = useState(team); // what changes meanwhile elsewhere is no change of this form's
  const [form, setForm] = useState(() => teamFormOf(start));
  const changes = teamChanges(start, form);
  const reload = useReload();
  const toast = useToast();
  const submit = useSubmit({
    fields: teamFieldNames,
    check: () => payerFaults(form),
    send: async () => {
      if (changes !== null) await api.post("/team/update", changes);
      onDone();
      toast(changes === null ? "Nothing was changed." : "The team is changed.");
      await reload("/team/");
    },
  });
  return (
    <EditCard
      submit={submit}
      failure="The team was not changed"
      isChanged={changes !== null}
      onCancel={onDone}
    >
      <TeamFields
        form={form}
        onChange={(next) => setForm((before) => ({ ...before, ...next }))}
        faults={submit.faults}
      />
    </EditCard>
  );
}
