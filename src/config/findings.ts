/** Keys and indexes from the top of the file: `["general_settings", "pass_through_endpoints", 0, "target"]`. */
export type KeyPath = readonly (string | number)[];

/** What a finding makes of its key in a report; a plain mistake has none. */
export type FindingKind = "ignored" | "unsafe" | "not yet";

/** Something to say about one place of the config. A fault stops a start or a reload; a warning does not. */
export interface Finding {
  readonly severity: "fault" | "warning";
  readonly path: KeyPath;
  readonly message: string;
  /** What to do about it. */
  readonly remedy: string;
  readonly kind?: FindingKind;
  /** Where it stands, for findings without a key (YAML that cannot be read). */
  readonly offset?: number;
}

export interface Place {
  readonly line: number;
  readonly column: number;
}

export function fault(path: KeyPath, message: string, remedy: string, kind?: FindingKind): Finding {
  return { severity: "fault", path, message, remedy, ...(kind === undefined ? {} : { kind }) };
}

export function warning(
  path: KeyPath,
  message: string,
  remedy: string,
  kind?: FindingKind,
): Finding {
  return { severity: "warning", path, message, remedy, ...(kind === undefined ? {} : { kind }) };
}

export function isFault({ severity }: Finding): boolean {
  return severity === "fault";
}

/** `general_settings.pass_through_endpoints[0].target` */
export function keyOf(path: KeyPath): string {
  return path
    .map((part, index) =>
      typeof part === "number" ? `[${part}]` : index === 0 ? part : `.${part}`,
    )
    .join("");
}

/** Without the faults on a key that has one already: what follows from a fault is not another one. */
export function firstFaults(findings: readonly Finding[]): Finding[] {
  const seen = new Set<string>();
  return findings.filter((finding) => {
    if (!isFault(finding)) return true;
    const place = `${keyOf(finding.path)} ${finding.offset ?? ""}`;
    if (seen.has(place)) return false;
    seen.add(place);
    return true;
  });
}

/** One line for people: `config.yaml:12:7 general_settings.master_key: too short. Remedy.` */
export function formatFinding(finding: Finding, file: string, place: Place): string {
  const key = keyOf(finding.path);
  const where = `${file}:${place.line}:${place.column}`;
  return `${where}${key === "" ? "" : ` ${key}`}: ${finding.message}. ${finding.remedy}`;
}
