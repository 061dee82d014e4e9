import type { KeyReply } from "../../replies.ts";
import type { Faults } from "../../fault-places.ts";
import {
  changedMembers,
  emptyPayer,
  type Members,
  numberFaults,
  payerFaults,
  type PayerForm,
  payerFormOf,
  payerMembers,
  saidMembers,
  wordOf,
} from "../../payers/payer-form.ts";

/** The end of a key that is left where it is. */
export const keepsEnd = "keep";

/** A key as a form holds it. */
export interface KeyForm extends PayerForm {
  readonly alias: string;
  readonly team: string;
  readonly user: string;
  readonly isAdmin: boolean;
  /** A length of time from now on, as `30d`; empty is no end; `keep` leaves it where it is. */
  readonly lifetime: string;
  /** USD. */
  readonly softBudget: number | null;
}

/** What a new key starts with: nothing is limited. */
export const emptyKey: KeyForm = {
  ...emptyPayer,
  alias: "",
  team: "",
  user: "",
  isAdmin: false,
  lifetime: "",
  softBudget: null,
};

/** A key as the form shows it. */
export function keyFormOf(key: KeyReply): KeyForm {
  return {
    ...payerFormOf(key),
    alias: key.key_alias ?? "",
    team: key.team_id ?? "",
    user: key.user_id ?? "",
    isAdmin: key.user_role === "proxy_admin",
    lifetime: keepsEnd,
    softBudget: key.soft_budget,
  };
}

/** The body of `POST /key/generate`. */
export function newKeyBody(form: KeyForm): Members {
  return saidMembers(keyMembers(form));
}

/** The body of `POST /key/update`: what is another now, and nothing else. Null where nothing is. */
export function keyChanges(key: KeyReply, form: KeyForm): Members | null {
  const changes = changedMembers(keyMembers(keyFormOf(key)), keyMembers(form));
  return Object.keys(changes).length === 0 ? null : { key: key.token, ...changes };
}

/** What the gateway need not be asked to find wrong. */
export function keyFaults(form: KeyForm): Faults {
  return { ...payerFaults(form), ...numberFaults({ soft_budget: form.softBudget }) };
}

function keyMembers(form: KeyForm): Members {
  const { lifetime } = form;
  return {
    key_alias: wordOf(form.alias),
    team_id: wordOf(form.team),
    user_id: wordOf(form.user),
    user_role: form.isAdmin ? "proxy_admin" : null,
    ...(lifetime === keepsEnd ? {} : { duration: lifetime === "" ? null : lifetime }),
    ...payerMembers(form),
    soft_budget: form.softBudget,
  };
}
