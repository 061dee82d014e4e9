import { GatewayError } from "../core/errors.ts";
import type { TeamChanges } from "../core/key-book.ts";
import type { TeamRecord } from "../core/key-record.ts";
import type { KeyStore } from "../core/key-store.ts";
import { isTeamId } from "../core/team-id.ts";
import { endSessionsOfTeam } from "./end-sessions.ts";
import { making, revokeKeys, type Tools } from "./key-changes.ts";
import { changed, invalid, newTeamRecord } from "./records.ts";

/** `id`: chosen by the caller, or null for a new one. */
export function createTeam(
  tools: Tools,
  id: string | null,
  changes: TeamChanges,
  actor: string,
): TeamRecord {
  const { store, audit } = tools;
  if (id !== null && !isTeamId(id)) {
    throw invalid("A team_id has 1 to 100 of the characters A-Z, a-z, 0-9, _ . @ -");
  }
  return store.atomically(() => {
    if (id !== null && store.team(id) !== null) throw invalid("This team_id is taken.");
    const made = making(tools, actor);
    const team = newTeamRecord({ ...made, id: id ?? made.id }, changes);
    store.addTeam(team);
    audit.team(actor, "team.create", { before: null, after: team });
    return team;
  });
}

export function changeTeam(
  { store, ring, audit, now }: Tools,
  id: string,
  changes: TeamChanges,
  actor: string,
): TeamRecord {
  const team = store.atomically(() => {
    const before = mustHave(store, id);
    const after = changed(before, changes, { at: now(), by: actor });
    store.putTeam(after);
    if (after.blocked) endSessionsOfTeam(store, id);
    audit.team(actor, "team.change", { before, after });
    return after;
  });
  ring.forgetTeam(id);
  return team;
}

/** Their keys are revoked with them. All or none. */
export function removeTeams(tools: Tools, ids: readonly string[], actor: string): void {
  const { store, ring, audit } = tools;
  const teams = () => [...new Set(ids)].map((id) => mustHave(store, id));
  const keys = () => teams().flatMap(({ id }) => store.ofTeam(id));
  revokeKeys(tools, keys, actor, () => {
    for (const team of teams()) {
      store.removeTeam(team.id);
      audit.team(actor, "team.remove", { before: team, after: null });
    }
  });
  for (const id of ids) ring.forgetTeam(id);
}

function mustHave(store: KeyStore, id: string): TeamRecord {
  const team = store.team(id);
  if (team === null) throw new GatewayError("not_found");
  return team;
}
