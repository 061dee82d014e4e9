/** Labels and value of one line. */
export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** Everything of one name. */
export interface Family {
  readonly name: string;
  readonly type: string;
  readonly help: string;
  readonly samples: readonly Sample[];
}

interface Reading extends Family {
  readonly samples: Sample[];
}

const types = new Set(["counter", "gauge", "histogram"]);
const headLine = /^# (HELP|TYPE) ([a-zA-Z_:][\w:]*) (.*)$/;
const sampleLine = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)$/;
const labelPart = /([a-zA-Z_]\w*)="((?:[^"\\]|\\[\\"n])*)"(?:,|$)/y;

/**
 * Reads Prometheus' text format 0.0.4 (https://prometheus.io/docs/instrumenting/exposition_formats/), and takes nothing
 * that its description does not allow: HELP and TYPE before a family's lines and once, a family in one place, each
 * series once, every value a number, a line feed at the end.
 */
export function parseExposition(text: string): Map<string, Family> {
  if (!text.endsWith("\n")) throw new Error("no line feed at the end");
  const families = new Map<string, Reading>();
  const series = new Set<string>();
  let help: { readonly name: string; readonly text: string } | null = null;
  let current: Reading | null = null;
  for (const line of text.split("\n")) {
    if (line === "") continue;
    const [, kind, name = "", rest = ""] = headLine.exec(line) ?? [];
    if (kind === "HELP") {
      if (families.has(name)) throw new Error(`told twice: ${line}`);
      help = { name, text: rest };
    } else if (kind === "TYPE") {
      if (help?.name !== name || !types.has(rest)) throw new Error(`not expected: ${line}`);
      current = { name, type: rest, help: help.text, samples: [] };
      families.set(name, current);
    } else {
      const sample = sampleOf(line);
      if (current === null || !belongs(sample, current)) throw new Error(`out of place: ${line}`);
      const key = JSON.stringify([sample.name, Object.entries(sample.labels).sort()]);
      if (series.has(key)) throw new Error(`told twice: ${line}`);
      series.add(key);
      current.samples.push(sample);
    }
  }
  return families;
}

function sampleOf(line: string): Sample {
  const [, name, labels, value] = sampleLine.exec(line) ?? [];
  if (name === undefined || value === undefined) throw new Error(`no sample: ${line}`);
  return { name, labels: labelsOf(labels ?? "", line), value: valueOf(value, line) };
}

function labelsOf(text: string, line: string): Record<string, string> {
  const labels: Record<string, string> = {};
  let at = 0;
  while (at < text.length) {
    labelPart.lastIndex = at;
    const [all = "", name = "", value = ""] = labelPart.exec(text) ?? [];
    if (all === "" || name in labels) throw new Error(`labels that are none: ${line}`);
    labels[name] = value.replace(/\\(.)/g, (_, escaped) => (escaped === "n" ? "\n" : escaped));
    at += all.length;
  }
  return labels;
}

function valueOf(text: string, line: string): number {
  const value = text === "+Inf" ? Infinity : Number(text);
  if (Number.isNaN(value)) throw new Error(`no number: ${line}`);
  return value;
}

/** A histogram's lines have names of their own. */
function belongs({ name, labels }: Sample, { name: family, type }: Family): boolean {
  if (type !== "histogram") return name === family;
  if (name === `${family}_bucket`) return "le" in labels;
  return name === `${family}_sum` || name === `${family}_count`;
}
