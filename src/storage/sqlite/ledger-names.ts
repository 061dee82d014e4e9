import type { CallRow } from "../../core/types.ts";
import type { Words } from "./ledger-words.ts";

/** What many calls have in common, as numbers of `words`: one object for all of them, as long as it is remembered. */
export interface CallNames {
  readonly keyId: string | null;
  readonly teamId: string | null;
  readonly userId: string | null;
  readonly routeName: string;
  readonly targetUrl: string;
  readonly methodName: string;
  readonly providerId: string | null;
  readonly model: string | null;
  readonly key: number | null;
  readonly team: number | null;
  readonly user: number | null;
  readonly route: number;
  readonly target: number;
  readonly method: number;
  readonly provider: number | null;
}

export interface CallNaming {
  namesOf(row: CallRow): CallNames;
  rolledBack(): void;
}

/** More are looked up again: by key, and of one key. */
const maxKeys = 20_000;
const maxOfKey = 8;

/** A key's calls are much alike: they are compared with its last ones, which is cheaper than to look up each name. */
export function createCallNaming(words: Words): CallNaming {
  const known = new Map<string | null, CallNames[]>();
  const make = (row: CallRow): CallNames => namesOf(words, row);
  const ofNewKey = (row: CallRow) => {
    if (known.size >= maxKeys) known.clear();
    const names = make(row);
    known.set(row.keyId, [names]);
    return names;
  };
  return {
    namesOf: (row) => {
      const ofKey = known.get(row.keyId);
      if (ofKey === undefined) return ofNewKey(row);
      for (const names of ofKey) if (isOf(names, row)) return names;
      const names = make(row);
      if (ofKey.length >= maxOfKey) ofKey.shift();
      ofKey.push(names);
      return names;
    },
    rolledBack: () => known.clear(),
  };
}

function isOf(names: CallNames, row: CallRow): boolean {
  return (
    names.routeName === row.route &&
    names.model === row.model &&
    names.targetUrl === row.target &&
    names.teamId === row.teamId &&
    names.userId === row.userId &&
    names.methodName === row.method &&
    names.providerId === row.provider
  );
}

function namesOf(words: Words, row: CallRow): CallNames {
  const wordOf = (text: string | null) => (text === null ? null : words.numberOf(text));
  return {
    keyId: row.keyId,
    teamId: row.teamId,
    userId: row.userId,
    routeName: row.route,
    targetUrl: row.target,
    methodName: row.method,
    providerId: row.provider,
    model: row.model,
    key: wordOf(row.keyId),
    team: wordOf(row.teamId),
    user: wordOf(row.userId),
    route: words.numberOf(row.route),
    target: words.numberOf(row.target),
    method: words.numberOf(row.method),
    provider: wordOf(row.provider),
  };
}
