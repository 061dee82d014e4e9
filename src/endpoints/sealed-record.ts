import type { EndpointRecord, EndpointSettings, StoredEndpoint } from "../core/endpoint-book.ts";
import { isMembers, replaceSecrets } from "../core/endpoint-secrets.ts";
import type { SealedText, Sealer } from "../core/sealing.ts";
import { StoreError } from "../core/store-error.ts";

/** An endpoint as it is kept: null stands where a secret was. */
export function sealedRecord(endpoint: StoredEndpoint, sealer: Sealer): EndpointRecord {
  const sealed: [place: string, text: SealedText][] = [];
  const settings = replaceSecrets(endpoint.settings, (value, place) => {
    sealed.push([place, sealer.seal(JSON.stringify(value), bindingOf(endpoint.id, place))]);
    return null;
  });
  return {
    ...endpoint,
    settings: JSON.stringify(settings),
    sealed: Object.fromEntries(sealed),
  };
}

/** An endpoint as it was before. Throws a `StoreError` where one of its secrets cannot be opened. */
export function openedRecord(record: EndpointRecord, sealer: Sealer): StoredEndpoint {
  const { settings: text, sealed: texts, ...rest } = record;
  const left = new Map(Object.entries(texts));
  const open = (value: unknown, place: string): unknown => {
    const sealed = left.get(place);
    if (sealed === undefined) return value;
    left.delete(place);
    return JSON.parse(sealer.open(sealed, bindingOf(record.id, place)));
  };
  const settings = membersOf(
    settingsOf(rest.id, text).map(([name, value]) => {
      if (!isMembers(value)) return [name, open(value, name)];
      const parts = Object.entries(value).map(
        ([key, part]) => [key, open(part, `${name}.${key}`)] as const,
      );
      return [name, membersOf(parts)];
    }),
  );
  if (left.size > 0) throw damaged(rest.id);
  return { ...rest, settings };
}

/** Seals what lies under another key than the newest; how many texts those were. The record stays where there are none. */
export function resealed(record: EndpointRecord, sealer: Sealer): [EndpointRecord, number] {
  const stale = Object.entries(record.sealed).filter(([, { kid }]) => kid !== sealer.kid);
  const fresh = stale.map(([place, text]) => {
    const bound = bindingOf(record.id, place);
    return [place, sealer.seal(sealer.open(text, bound), bound)] as const;
  });
  return [{ ...record, sealed: { ...record.sealed, ...Object.fromEntries(fresh) } }, stale.length];
}

/** Table, row and field: what a sealed text is bound to. No id has a slash in it. */
function bindingOf(id: string, place: string): string {
  return `endpoints/${id}/${place}`;
}

function settingsOf(id: string, text: string): [name: string, value: unknown][] {
  const parsed: unknown = JSON.parse(text);
  if (!isMembers(parsed)) throw damaged(id);
  return Object.entries(parsed);
}

function membersOf(entries: readonly (readonly [string, unknown])[]): EndpointSettings {
  return Object.fromEntries(entries);
}

function damaged(id: string): StoreError {
  return new StoreError(
    `The endpoint ${id} in the database was changed by something else. Restore the database from a backup.`,
  );
}
