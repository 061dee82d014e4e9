import type { TeamReply } from "../../replies.ts";
import {
  changedMembers,
  emptyPayer,
  type Members,
  type PayerForm,
  payerFormOf,
  payerMembers,
  saidMembers,
  wordOf,
} from "../../payers/payer-form.ts";

/** A team as a form holds it. */
export interface TeamForm extends PayerForm {
  /** Chosen when it is made, and never changed. */
  readonly id: string;
  readonly alias: string;
}

export const emptyTeam: TeamForm = { ...emptyPayer, id: "", alias: "" };

/** A team as the form shows it. */
export function teamFormOf(team: TeamReply): TeamForm {
  return { ...payerFormOf(team), id: team.team_id, alias: team.team_alias ?? "" };
}

/** The body of `POST /team/new`. */
export function newTeamBody(form: TeamForm): Members {
  return saidMembers({ team_id: wordOf(form.id), ...teamMembers(form) });
}

/** The body of `POST /team/update`: what is another now, and nothing else. Null where nothing is. */
export function teamChanges(team: TeamReply, form: TeamForm): Members | null {
  const changes = changedMembers(teamMembers(teamFormOf(team)), teamMembers(form));
  return Object.keys(changes).length === 0 ? null : { team_id: team.team_id, ...changes };
}

function teamMembers(form: TeamForm): Members {
  return { team_alias: wordOf(form.alias), ...payerMembers(form) };
}
