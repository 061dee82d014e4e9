import { Kind } from "@sinclair/typebox";
import { FindingsIndex } from "./findings-index.ts";
import { type Finding, type FindingKind, isFault, type KeyPath, keyOf } from "./findings.ts";
import type { LoadedConfig } from "./load.ts";
import { Config } from "./schema.ts";
import { isRecord, itemOf, mapOf, valueAt } from "./walk.ts";

/** What becomes of a key. */
export type Status = "honoured" | "differs" | FindingKind | "fault";

/** One key of the file, or one that is left out and matters; `line` is null for the latter. */
export interface ReportRow {
  readonly line: number | null;
  readonly status: Status;
  readonly key: string;
  readonly meaning: string;
}

export interface ReportSection {
  readonly title: string;
  readonly rows: readonly ReportRow[];
}

const list: KeyPath = ["general_settings", "pass_through_endpoints"];

/** Every key of a config and what becomes of it, a section for each block and endpoint. Never a value. */
export function configReport(loaded: LoadedConfig, findings: readonly Finding[]): ReportSection[] {
  const { raw } = loaded;
  if (!isRecord(raw)) return [];
  const index = new FindingsIndex(findings);
  const unset = new Map(loaded.endpoints.map((one) => [keyOf(one.path), one.unset]));
  const sections: ReportSection[] = [];
  const single: KeyPath[] = [];
  const add = (title: string, paths: readonly KeyPath[], owner: KeyPath | null) => {
    const rows = paths.flatMap((path) => rowsOf(path, loaded, index));
    if (owner !== null) rows.push(...absentRows(owner, loaded, index));
    if (rows.length > 0) sections.push({ title, rows });
  };
  for (const block of new Set(["general_settings", ...Object.keys(raw)])) {
    if (!isRecord(raw[block]) && block !== "general_settings") {
      single.push([block]);
      continue;
    }
    const keys = childrenOf(raw, [block]).filter((path) => keyOf(path) !== keyOf(list));
    add(block, keys, [block]);
    if (block !== "general_settings") continue;
    if (!Array.isArray(valueAt(raw, list)) && valueAt(raw, list) !== undefined) single.push(list);
    for (const path of childrenOf(raw, list)) {
      add(titleOf(path, raw, unset.get(keyOf(path)) ?? []), childrenOf(raw, path), path);
    }
  }
  add("other keys", single, null);
  return sections;
}

function childrenOf(raw: unknown, path: KeyPath): KeyPath[] {
  const value = valueAt(raw, path);
  const parts: (string | number)[] = Array.isArray(value)
    ? value.map((_, index) => index)
    : isRecord(value)
      ? Object.keys(value)
      : [];
  return parts.map((part) => [...path, part]);
}

function titleOf(path: KeyPath, raw: unknown, unset: readonly string[]): string {
  const served = valueAt(raw, [...path, "path"]);
  const name = typeof served === "string" ? `${served} (${keyOf(path)})` : keyOf(path);
  return unset.length === 0 ? name : `${name}: off, ${unset.join(", ")} not set`;
}

/** A key, and where its parts mean something each (headers, `tls`, blocks that are ignored) those below it. */
function rowsOf(path: KeyPath, loaded: LoadedConfig, index: FindingsIndex): ReportRow[] {
  const own = rowOf(path, loaded, index);
  const schema = schemaOf(path);
  if (schema === null || (schema[Kind] !== "Record" && mapOf(schema) === null)) return [own];
  return [own, ...childrenOf(loaded.raw, path).map((child) => rowOf(child, loaded, index))];
}

function rowOf(path: KeyPath, loaded: LoadedConfig, index: FindingsIndex): ReportRow {
  const found = index.about(path);
  const row = { line: loaded.locate(path).line, key: shownKey(path) };
  if (found !== null) return { ...row, ...verdict(found) };
  const { differs, description, notYet } = schemaOf(path) ?? {};
  if (notYet !== undefined) return { ...row, status: "honoured", meaning: "Off, and so it is." };
  if (differs !== undefined) return { ...row, status: "differs", meaning: differs };
  return { ...row, status: "honoured", meaning: description ?? partMeaning(path) };
}

function verdict(finding: Finding) {
  const status: Status = finding.kind ?? (isFault(finding) ? "fault" : "differs");
  const text = finding.message.replace(/^not in this version: /, "");
  const sentence = /^[a-z]+ /.test(text) ? text.charAt(0).toUpperCase() + text.slice(1) : text;
  const remedy = finding.kind === "ignored" && finding.remedy !== "It is ignored.";
  return { status, meaning: `${sentence}.${remedy ? ` ${finding.remedy}` : ""}` };
}

/** Keys that are left out though that makes a difference, or is unsafe. */
function absentRows(owner: KeyPath, { raw }: LoadedConfig, index: FindingsIndex): ReportRow[] {
  const properties: Record<string, { absent?: string }> = schemaOf(owner)?.["properties"] ?? {};
  return Object.entries(properties).flatMap(([key, { absent }]) => {
    const path = [...owner, key];
    if (valueAt(raw, path) !== undefined) return [];
    const found = index.at(path);
    const row = { line: null, key: shownKey(path) };
    if (found !== null) return [{ ...row, ...verdict(found) }];
    return absent === undefined ? [] : [{ ...row, status: "differs" as const, meaning: absent }];
  });
}

function schemaOf(path: KeyPath) {
  return path.reduce<ReturnType<typeof itemOf>>((schema, part) => itemOf(schema, part), Config);
}

/** Within its section: `headers.accept`, not where the whole file has it. */
function shownKey(path: KeyPath): string {
  if (path.length <= 2) return String(path.at(-1));
  return keyOf(path.slice(path[1] === "pass_through_endpoints" ? 3 : 1));
}

const specialHeaders: Readonly<Record<string, string>> = {
  LANGFUSE_PUBLIC_KEY:
    "With LANGFUSE_SECRET_KEY it becomes Authorization: Basic; never sent as it is.",
  LANGFUSE_SECRET_KEY:
    "With LANGFUSE_PUBLIC_KEY it becomes Authorization: Basic; never sent as it is.",
  litellm_user_api_key: "Names the client's header that carries the caller's key; never sent.",
};

function partMeaning(path: KeyPath): string {
  const part = String(path.at(-1));
  if (path.at(-2) === "environment_variables") return "Set, for references.";
  if (path.at(-2) === "default_query_params") return "Sent unless the target or the client has it.";
  return Object.hasOwn(specialHeaders, part)
    ? (specialHeaders[part] ?? "")
    : "Sent, whatever the client sends under this name.";
}
