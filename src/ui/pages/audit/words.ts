/** What is changed; the part of an action before the dot. */
export type SubjectKind = "key" | "team" | "endpoint" | "config" | "salt_key" | "session" | "other";

/** Every action that the gateway writes down, in words. */
export const actionWords: readonly (readonly [action: string, words: string])[] = [
  ["endpoint.create", "Route created"],
  ["endpoint.change", "Route changed"],
  ["endpoint.remove", "Route deleted"],
  ["key.create", "Key created"],
  ["key.change", "Key changed"],
  ["key.regenerate", "Key regenerated"],
  ["key.revoke", "Key revoked"],
  ["key.import", "Key imported"],
  ["team.create", "Team created"],
  ["team.change", "Team changed"],
  ["team.remove", "Team deleted"],
  ["config.reload", "Configuration reloaded"],
  ["salt_key.rotate", "Salt key rotated"],
  ["session.open", "Signed in"],
  ["session.close", "Signed out"],
];

const kinds: readonly SubjectKind[] = ["key", "team", "endpoint", "config", "salt_key", "session"];

/** As an admin would say it; one that is not known here stays as it is. A refused reload is told so. */
export function actionText(action: string, after: unknown): string {
  if (action === "config.reload" && Object(after).reloaded === false) {
    return "Configuration reload refused";
  }
  return actionWords.find(([one]) => one === action)?.[1] ?? action;
}

export function subjectKind(action: string): SubjectKind {
  const [start] = action.split(".", 1);
  return kinds.find((kind) => kind === start) ?? "other";
}

/** What the subject was called: an alias or a path, after the change or before it; null where it has no name. */
export function subjectName(before: unknown, after: unknown): string | null {
  for (const side of [Object(after), Object(before)]) {
    for (const member of ["key_alias", "team_alias", "path"]) {
      const name: unknown = side[member];
      if (typeof name === "string" && name !== "") return name;
    }
  }
  return null;
}

/** Actors that are no key. */
export const actorWords: Readonly<Record<string, string>> = {
  "master key": "Master key",
  "command line": "Command line",
};
