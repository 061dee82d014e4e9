/** Whether a text may be a team's id: such ids stand in scopes, journals, headers and URLs. */
export function isTeamId(text: string): boolean {
  return /^[A-Za-z0-9_][A-Za-z0-9_.@-]{0,99}$/.test(text);
}
