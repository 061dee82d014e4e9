import { type Bar, type Figure, ratios, type Spread, spread } from "./figures.ts";
import type { Profile } from "./profile.ts";
import type { SubjectName } from "./subjects.ts";

/** How a figure stands against its bar; `not the binary`: the bar is the binary's, the source was measured. */
export type Verdict = "met" | "missed" | "not the binary";

/** One line of the report. */
export interface Row {
  readonly figure: string;
  readonly unit: string;
  readonly subject: string;
  readonly value: Spread;
  readonly rounds: readonly number[];
  /** Against the bare relay of the same round; null where that means nothing. */
  readonly ratio: Spread | null;
  readonly bar: string | null;
  readonly verdict: Verdict | null;
}

/** What a profile gave. */
export interface ProfileReport {
  readonly profile: string;
  readonly about: string;
  readonly rows: readonly Row[];
  readonly faults: readonly string[];
}

/** Puts figures, ratios and bars side by side; the figures of one name stand together. */
export function reportOf(
  profile: Profile,
  figures: readonly Figure[],
  faults: readonly string[],
  isBinary: boolean,
): ProfileReport {
  const names = [...new Set(figures.map(({ name }) => name))];
  const rows = names.flatMap((name) =>
    figures
      .filter((figure) => figure.name === name)
      .map((figure) => rowOf(profile, figure, figures, isBinary)),
  );
  return { profile: profile.name, about: profile.about, rows, faults };
}

/** The report as text. */
export function printReport(report: ProfileReport): string {
  const head = ["figure", "subject", "median", "min–max", "× bare", "min–max", "bar", ""];
  const cells = report.rows.map((row, index) => [
    report.rows[index - 1]?.figure === row.figure ? "" : `${row.figure} ${row.unit}`.trim(),
    row.subject,
    number(row.value.median),
    range(row.value),
    row.ratio ? row.ratio.median.toFixed(2) : "",
    row.ratio && row.ratio.min < row.ratio.max ? ratioRange(row.ratio) : "",
    row.bar ?? "",
    row.verdict ?? "",
  ]);
  const faults = report.faults.map((fault) => `  FAULT ${fault}\n`).join("");
  return `\n${report.profile}: ${report.about}\n${table([head, ...cells])}${faults}`.trimEnd();
}

/** All bars of the profiles that ran, in one table; one without a figure is `not measured`. */
export function printBars(profiles: readonly Profile[], reports: readonly ProfileReport[]): string {
  const cells = profiles.flatMap(({ name, bars }) => {
    const rows = reports.find(({ profile }) => profile === name)?.rows ?? [];
    return bars.map((bar) => {
      const subject = subjectOf(bar);
      const row = rows.find((each) => each.figure === bar.figure && each.subject === subject);
      const measured =
        bar.of === "ratio" ? row?.ratio?.median.toFixed(2) : row && number(row.value.median);
      const limit = row?.bar ?? `≤ ${bar.atMost}${bar.of === "ratio" ? " × bare" : ""}`;
      return [
        name,
        `${subject}: ${bar.figure}`,
        measured ?? "–",
        limit,
        row?.verdict ?? "not measured",
      ];
    });
  });
  return `\nbars of Tollgate\n${table([["profile", "figure", "median", "bar", ""], ...cells])}`.trimEnd();
}

/** Whom a bar binds. */
function subjectOf({ subject = "tollgate" }: Bar): SubjectName {
  return subject;
}

function rowOf(profile: Profile, figure: Figure, all: readonly Figure[], isBinary: boolean): Row {
  const value = spread(figure.rounds);
  const ratio = ratios(figure, all);
  const bar = profile.bars.find(
    (each) => each.figure === figure.name && subjectOf(each) === figure.subject,
  );
  return {
    figure: figure.name,
    unit: figure.unit,
    subject: figure.subject,
    value,
    rounds: figure.rounds,
    ratio,
    bar: bar ? `≤ ${bar.atMost}${bar.of === "ratio" ? " × bare" : ` ${figure.unit}`}` : null,
    verdict: bar ? verdictOf(bar, bar.of === "ratio" ? ratio : value, isBinary) : null,
  };
}

function verdictOf(bar: Bar, measured: Spread | null, isBinary: boolean): Verdict {
  if (bar.binaryOnly && !isBinary) return "not the binary";
  return measured !== null && measured.median <= bar.atMost ? "met" : "missed";
}

function ratioRange({ min, max }: Spread): string {
  return `${min.toFixed(2)}–${max.toFixed(2)}`;
}

function range({ min, max }: Spread): string {
  return min === max ? "" : `${number(min)}–${number(max)}`;
}

function number(value: number): string {
  const digits =
    Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : Math.abs(value) >= 1 ? 2 : 3;
  return value.toFixed(digits);
}

function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  const line = (row: readonly string[]) =>
    row
      .map((cell, column) => pad(cell, widths[column] ?? 0, column))
      .join("  ")
      .trimEnd();
  return rows.map((row) => `  ${line(row)}\n`).join("");
}

function pad(cell: string, width: number, column: number): string {
  const isNumber = column >= 2 && column <= 5;
  return isNumber ? cell.padStart(width) : cell.padEnd(width);
}
