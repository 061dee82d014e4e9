/** What becomes of a key of the file. */
export type KeyStatus = "honoured" | "differs" | "ignored" | "unsafe" | "not yet" | "fault";

export interface ReportedRow {
  /** Null: a key that is left out, and matters. */
  readonly line: number | null;
  readonly status: string;
  readonly key: string;
  readonly meaning: string;
}

export interface ReportedSection {
  readonly title: string;
  readonly rows: readonly ReportedRow[];
}

export interface ReportedFinding {
  readonly severity: "fault" | "warning";
  /** `config.yaml:12:7`; of a route made through the API, its id. */
  readonly place: string;
  readonly key: string;
  readonly message: string;
  readonly remedy: string;
}

export interface ReportedRoute {
  readonly id: string;
  readonly owner: string;
  readonly path: string;
  readonly include_subpath: boolean;
  readonly methods: readonly string[] | null;
  readonly target: string;
  readonly auth: boolean | null;
}

export interface OffEndpoint {
  readonly path: string;
  readonly unset: readonly string[];
}

/** `GET /config/report`: what `tollgate check` says of the file as it is now. */
export interface ReportReply {
  readonly file: string;
  readonly sections: readonly ReportedSection[];
  readonly findings: readonly ReportedFinding[];
  readonly routes: readonly ReportedRoute[];
  readonly off: readonly OffEndpoint[];
}

export const keyStatuses: readonly (readonly [status: KeyStatus, meaning: string])[] = [
  ["fault", "The file cannot be used like this."],
  ["unsafe", "It works, and opens more than it should."],
  ["differs", "It works, in another way than in LiteLLM."],
  ["ignored", "It does nothing here."],
  ["not yet", "This version does not do it."],
  ["honoured", "It does what it says."],
];

export type FindingRank = "fault" | "unsafe" | "warning";

const ranks: readonly FindingRank[] = ["fault", "unsafe", "warning"];

/** Faults first, then what is unsafe, then the rest; each in the file's order. */
export function rankedFindings(
  report: Pick<ReportReply, "findings" | "sections">,
): readonly (readonly [FindingRank, ReportedFinding])[] {
  const unsafe = unsafeKeys(report.sections);
  const ranked = report.findings.map((finding) => {
    if (finding.severity === "fault") return ["fault", finding] as const;
    return [unsafe.has(finding.key) ? "unsafe" : "warning", finding] as const;
  });
  return ranks.flatMap((rank) => ranked.filter(([own]) => own === rank));
}

/** By their full names: a row has what follows its section's. */
function unsafeKeys(sections: readonly ReportedSection[]): ReadonlySet<string> {
  return new Set(
    sections.flatMap(({ title, rows }) => {
      const start = sectionKey(title);
      const own = rows.filter(({ status }) => status === "unsafe");
      return own.flatMap(({ key }) => [key, `${start}${key.startsWith("[") ? "" : "."}${key}`]);
    }),
  );
}

/** `/bria (general_settings.pass_through_endpoints[0]): off, X not set` is about the part in brackets. */
function sectionKey(title: string): string {
  return /(general_settings\.pass_through_endpoints\[\d+\])/.exec(title)?.[1] ?? title;
}

/** Without the folder, which the page tells once. */
export function shortPlace(place: string, file: string): string {
  const folder = /^.*[/\\]/s.exec(file)?.[0] ?? "";
  return place.startsWith(file) ? place.slice(folder.length) : place;
}

/** How many keys have each status. */
export function countsByStatus(sections: readonly ReportedSection[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { rows } of sections) {
    for (const { status } of rows) counts.set(status, (counts.get(status) ?? 0) + 1);
  }
  return counts;
}

export interface RowFilter {
  /** Empty: every status. */
  readonly status: string;
  readonly text: string;
}

/** The rows that fit. A section whose title has the text is shown with all its rows of that status. */
export function filteredSections(
  sections: readonly ReportedSection[],
  { status, text }: RowFilter,
): ReportedSection[] {
  const wanted = text.trim().toLowerCase();
  const has = (words: string) => words.toLowerCase().includes(wanted);
  return sections.flatMap(({ title, rows }) => {
    const fits = rows.filter((row) => {
      if (status !== "" && row.status !== status) return false;
      return wanted === "" || has(title) || has(row.key) || has(row.meaning);
    });
    return fits.length === 0 ? [] : [{ title, rows: fits }];
  });
}

export function rowCount(sections: readonly ReportedSection[]): number {
  return sections.reduce((sum, { rows }) => sum + rows.length, 0);
}

/** One page of the rows, under the titles of their sections. `page`: from 1. */
export function pageOfSections(
  sections: readonly ReportedSection[],
  page: number,
  size: number,
): ReportedSection[] {
  const [start, end] = [(page - 1) * size, page * size];
  let at = 0;
  return sections.flatMap(({ title, rows }) => {
    const own = rows.slice(Math.max(0, start - at), Math.max(0, end - at));
    at += rows.length;
    return own.length === 0 ? [] : [{ title, rows: own }];
  });
}
