import { useState } from "react";
import { useLocation } from "wouter";
import { api, useReload } from "../../api.ts";
import { useToast } from "../../parts/toast.tsx";
import type { TeamReply } from "../../replies.ts";
import { FormDialog } from "../../payers/form-dialog.tsx";
import { payerFaults } from "../../payers/payer-form.ts";
import { useSubmit } from "../../payers/use-submit.ts";
import { TeamFields, teamFieldNames } from "./team-fields.tsx";
import { emptyTeam, newTeamBody, type TeamForm } from "./team-form.ts";
import { teamTitle } from "../../titles.ts";
import { teamHref } from "../../hrefs.ts";

/** Makes a team, and goes to it. */
export function CreateTeamDialog({ onClose }: { readonly onClose: () => void }) {
  const [form, setForm] = useState<TeamForm>(emptyTeam);
  const [, navigate] = useLocation();
  const reload = useReload();
  const toast = useToast();
  const submit = useSubmit({
    fields: teamFieldNames,
    check: () => payerFaults(form),
    send: async () => {
      const team = await api.post<TeamReply>("/team/new", newTeamBody(form));
      toast(`${teamTitle(team)} is made.`);
      onClose();
      navigate(teamHref(team.team_id));
      void reload("/team/");
    },
  });
  return (
    <FormDialog
      submit={submit}
      title="Create a team"
      action="Create the team"
      failure="The team was not made"
      onClose={onClose}
    >
      <p className="muted">
        Limits and budgets of a team hold for all of its keys together, besides each key's own.
      </p>
      <TeamFields
        isNew
        form={form}
        onChange={(changes) => setForm((before) => ({ ...before, ...changes }))}
        faults={submit.faults}
      />
    </FormDialog>
  );
}
