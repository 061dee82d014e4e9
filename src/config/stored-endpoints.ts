import type { StoredEndpoint } from "../core/endpoint-book.ts";
import { type Finding, fault, type KeyPath, keyOf } from "./findings.ts";
import { notYetServed } from "./not-yet.ts";
import { schemaFaults } from "./schema-faults.ts";
import { type LoadedEndpoint, soundPart } from "./sound-part.ts";
import { storedLimits } from "./stored-limits.ts";
import { findUnknownKeys } from "./unknown-keys.ts";
import { isRecord, valueAt } from "./walk.ts";

/** Where endpoints that were made through the API stand in findings, by their ids. */
const root = "endpoints made through the API";

export interface LoadedStored {
  /** Null where nothing of it can be read. */
  readonly endpoint: LoadedEndpoint | null;
  readonly findings: readonly Finding[];
}

/**
 * An endpoint made through the API, checked as those of a file are. Nothing in it is a reference: `os.environ/` is
 * text. `isBeingStored`: what was let through once is refused now.
 */
export function loadStored(
  { id, settings }: Pick<StoredEndpoint, "id" | "settings">,
  isBeingStored: boolean,
): LoadedStored {
  const value = { general_settings: { pass_through_endpoints: [{ ...settings, id }] } };
  const path = [root, id];
  const place = ([, , , ...rest]: KeyPath): KeyPath => [...path, ...rest];
  const found = [
    ...schemaFaults(value, new Set()),
    ...notYetServed(value),
    ...findUnknownKeys(value),
  ];
  const [endpoint] = soundPart(value, value, new Map()).endpoints;
  return {
    endpoint: endpoint ? { ...endpoint, owner: "api", isBeingStored, path } : null,
    findings: [
      ...found.map((finding) => ({ ...finding, path: place(finding.path) })),
      ...foreign(settings, path),
      ...(isBeingStored ? storedLimits(settings, path) : []),
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

/** A name that may be told: one that somebody gave may be a secret in the wrong place. */
const plainName = /^[A-Za-z_][\w.-]{0,39}$/;

/** One line for whoever sends the endpoint that a finding is about: `target: …`. */
export function toldFault({ path, message, remedy }: Finding): string {
  const names = path.slice(2).map((part) => {
    const isTold = typeof part === "number" || (plainName.test(part) && !/sk-/i.test(part));
    return isTold ? part : "…";
  });
  const key = keyOf(names);
  return `${key === "" ? "" : `${key}: `}${message}. ${remedy}`;
}

/** What people call an endpoint by: its key in the file, or its id. */
export function ownerName(path: KeyPath): string {
  const id = storedIdOf({ path });
  return id === null ? keyOf(path) : `the endpoint ${id} (made through the API)`;
}
