/** One member that is another than before; null on the side where it is not. */
export interface MemberChange {
  /** `max_budget`; within an object `headers.X-Key`. */
  readonly name: string;
  readonly before: string | null;
  readonly after: string | null;
}

/** Told by the entry itself (when, and by whom), or of no use to a reader: all of it is in the JSON. */
const toldElsewhere: ReadonlySet<string> = new Set([
  "updated_at",
  "updated_by",
  "created_at",
  "created_by",
  "version",
]);

/**
 * What differs, member by member, in the order of what is there now, then what is gone. Objects are compared one level
 * down. A side that is null has no members: of a creation, what says nothing (null, empty) is left out.
 */
export function memberChanges(before: unknown, after: unknown): MemberChange[] {
  if (before === null && after === null) return [];
  if (!isMembers(before) && !isMembers(after)) return changed("value", before, after);
  const [old, now] = [membersOf(before), membersOf(after)];
  return namesOf(old, now).flatMap((name) => {
    if (toldElsewhere.has(name)) return [];
    const [was, is] = [old.get(name), now.get(name)];
    if (isMembers(was) || isMembers(is)) return nested(name, was, is);
    return changed(name, was, is);
  });
}

function nested(name: string, was: unknown, is: unknown): MemberChange[] {
  if (!isMembers(was) && !saysNothing(was)) return changed(name, was, is);
  if (!isMembers(is) && !saysNothing(is)) return changed(name, was, is);
  const [old, now] = [membersOf(was), membersOf(is)];
  return namesOf(old, now).flatMap((part) =>
    changed(`${name}.${part}`, old.get(part), now.get(part)),
  );
}

function changed(name: string, was: unknown, is: unknown): MemberChange[] {
  const [before, after] = [textOf(was), textOf(is)];
  return before === after ? [] : [{ name, before, after }];
}

function namesOf(old: Members, now: Members): string[] {
  return [...new Set([...now.keys(), ...old.keys()])];
}

/** Somewhere in it stands a masked secret. */
export function hasMasked(value: unknown): boolean {
  return /\*{3,}/.test(JSON.stringify(value) ?? "");
}

type Members = ReadonlyMap<string, unknown>;

function membersOf(value: unknown): Members {
  return new Map(isMembers(value) ? Object.entries(value) : []);
}

function isMembers(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Null, a missing member, and what is empty are the same to a reader. */
function saysNothing(value: unknown): boolean {
  if (value === null || value === undefined || value === "") return true;
  if (Array.isArray(value)) return value.length === 0;
  return isMembers(value) && Object.keys(value).length === 0;
}

function textOf(value: unknown): string | null {
  if (saysNothing(value)) return null;
  if (typeof value === "string") return value;
  if (Array.isArray(value) && value.every((one) => typeof one === "string")) {
    return value.join(", ");
  }
  return sorted(value);
}

/** The order of members is no difference. */
function sorted(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    isMembers(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}
