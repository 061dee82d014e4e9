import type { StoredEndpoint } from "../core/endpoint-book.ts";
import { type Finding, fault, type KeyPath, keyOf } from "./findings.ts";
import { notYetServed } from "./not-yet.ts";
import { schemaFaults } from "./schema-faults.ts";
import { type LoadedEndpoint, soundPart } from "./sound-part.ts";
import { findUnknownKeys } from "./unknown-keys.ts";
import { isRecord, valueAt } from "./walk.ts";

/** Where endpoints that were made through the API stand in findings, by their ids. */
const root = "endpoints made through the API";

export interface LoadedStored {
  readonly endpoints: readonly LoadedEndpoint[];
  readonly findings: readonly Finding[];
}

/**
 * Endpoints made through the API, checked as those of a file are. Nothing in them is a reference: `os.environ/` is
 * text. `changed`: the one that is about to be stored, if any.
 */
export function loadStored(
  stored: readonly StoredEndpoint[],
  changed: string | null,
): LoadedStored {
  const items = stored.map(({ id, settings }) => ({ ...settings, id }));
  const value = { general_settings: { pass_through_endpoints: items } };
  const place = ([, , index, ...rest]: KeyPath): KeyPath => {
    return [root, stored[Number(index)]?.id ?? "", ...rest];
  };
  const found = [
    ...schemaFaults(value, new Set()),
    ...notYetServed(value),
    ...findUnknownKeys(value),
  ];
  const { endpoints } = soundPart(value, value, new Map());
  return {
    endpoints: endpoints.map((one) => {
      const isBeingStored = one.endpoint.id === changed;
      return { ...one, owner: "api", isBeingStored, path: place(one.path) };
    }),
    findings: [
      ...found.map((finding) => ({ ...finding, path: place(finding.path) })),
      ...stored.flatMap(({ id, settings }) => foreign(settings, [root, id])),
    ],
  };
}

/** What only a file's owner may say: it reads files and variables of this machine, or leads around the check of addresses. */
const filesOnly: readonly KeyPath[] = [
  ["enabled_if"],
  ["proxy"],
  ["tls", "ca"],
  ["tls", "cert"],
  ["tls", "key"],
];

function foreign(settings: unknown, path: KeyPath): Finding[] {
  const remedy = "Take it out, or write the endpoint into the configuration file.";
  return filesOnly.flatMap((keys) =>
    isRecord(settings) && valueAt(settings, keys) !== undefined
      ? [fault([...path, ...keys], `only an endpoint of the file may have ${keyOf(keys)}`, remedy)]
      : [],
  );
}

/** The id of the endpoint that a finding is about, if it was made through the API. */
export function storedIdOf({ path }: Pick<Finding, "path">): string | null {
  return path[0] === root ? String(path[1]) : null;
}

/** One line for people, without a file: `endpoint 1f2e, made through the API: target: …`. */
export function formatStored(finding: Finding, id: string): string {
  const key = keyOf(finding.path.slice(2));
  const where = `endpoint ${id}, made through the API${key === "" ? "" : `, ${key}`}`;
  return `${where}: ${finding.message}. ${finding.remedy}`;
}

/** An endpoint's place, for people: its key in the file, or its id. */
export function placeOf(path: KeyPath): string {
  const id = storedIdOf({ path });
  return id === null ? keyOf(path) : `the endpoint ${id} (made through the API)`;
}
