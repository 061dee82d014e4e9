import { useId, useState } from "react";
import { useLocation } from "wouter";
import { api, useReload } from "../../api.ts";
import { Button } from "../../parts/button.tsx";
import { Dialog } from "../../parts/dialog.tsx";
import { useToast } from "../../parts/toast.tsx";
import type { TeamReply } from "../../replies.ts";
import { FormSummary } from "../keys/form-summary.tsx";
import { payerFaults } from "../keys/payer-form.ts";
import { useSubmit } from "../keys/use-submit.ts";
import { TeamFields, teamFieldNames } from "./team-fields.tsx";
import { emptyTeam, newTeamBody, type TeamForm, teamTitle } from "./team-form.ts";
import { teamHref } from "./team-href.ts";

/** Makes a team, and goes to it. */
export function CreateTeamDialog({ onClose }: { readonly onClose: () => void }) {
  const id = useId();
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
  const footer = (
    <>
      <Button onClick={onClose}>Cancel</Button>
      <Button type="submit" form={id} kind="primary" busy={submit.isBusy}>
        Create the team
      </Button>
    </>
  );
  return (
    <Dialog open wide onClose={onClose} title="Create a team" footer={footer}>
      <form id={id} ref={submit.form} onSubmit={submit.onSubmit} noValidate>
        <FormSummary submit={submit} what="The team was not made" />
        <p className="muted">
          Limits and budgets of a team hold for all of its keys together, besides each key's own.
        </p>
        <TeamFields
          isNew
          form={form}
          onChange={(changes) => setForm((before) => ({ ...before, ...changes }))}
          faults={submit.faults}
        />
      </form>
    </Dialog>
  );
}
