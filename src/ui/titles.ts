import type { KeyReply, TeamReply } from "./replies.ts";

/** What a reader calls a key. */
export function keyTitle(key: Pick<KeyReply, "key_alias" | "key_name">): string {
  return key.key_alias ?? key.key_name;
}

/** What a reader calls a team. */
export function teamTitle(team: Pick<TeamReply, "team_id" | "team_alias">): string {
  return team.team_alias ?? team.team_id;
}

/** What is typed to confirm: a name that a keyboard has, and else the other one. */
export function typable(name: string | null, other: string): string {
  return name !== null && /^[!-~](?:[ -~]{0,58}[!-~])?$/.test(name) && !name.includes("  ")
    ? name
    : other;
}
