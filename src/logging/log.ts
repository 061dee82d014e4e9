import { lineWriter } from "./writer.ts";

const ranks = { debug: 0, info: 1, warn: 2, error: 3 } as const;

export type Level = keyof typeof ranks;

export type Fields = Readonly<Record<string, string | number | boolean | null | readonly string[]>>;

/** Structured log of one process. An event is a fixed name; what varies stands in the fields. */
export interface Log {
  debug(event: string, fields?: Fields): void;
  info(event: string, fields?: Fields): void;
  warn(event: string, fields?: Fields): void;
  error(event: string, fields?: Fields): void;
  /** Lines that a reader who had stopped has missed. */
  dropped(): number;
  flush(ms: number): Promise<void>;
}

export interface LogOptions {
  readonly level: Level;
  /** For people: one coloured line. Else JSON. */
  readonly pretty: boolean;
}

export function isLevel(text: string): text is Level {
  return Object.hasOwn(ranks, text);
}

/** Lines of `level` and above go to the file descriptor `fd`; one event is one line, whatever the fields hold. */
export function createLog(fd: number, { level, pretty }: LogOptions): Log {
  const format = pretty ? prettyLine : jsonLine;
  const writer = lineWriter(fd, (lines, total) => format("warn", "log_dropped", { lines, total }));
  const at = (rank: Level) => {
    if (ranks[rank] < ranks[level]) return () => {};
    return (event: string, fields: Fields = {}) => writer.write(format(rank, event, fields));
  };
  return {
    debug: at("debug"),
    info: at("info"),
    warn: at("warn"),
    error: at("error"),
    dropped: () => writer.dropped(),
    flush: (ms) => writer.flush(ms),
  };
}

let stampedAt = 0;
let stamp = "";

/** Lines of one millisecond share their time. */
function isoTime(): string {
  const now = Date.now();
  if (now !== stampedAt) {
    stampedAt = now;
    stamp = new Date(now).toISOString();
  }
  return stamp;
}

/** Event names are ours and need no escapes; the rest does. */
function jsonLine(level: Level, event: string, fields: Fields): string {
  const rest = JSON.stringify(fields);
  const head = `{"time":"${isoTime()}","level":"${level}","event":"${event}"`;
  return rest === "{}" ? `${head}}` : `${head},${rest.slice(1)}`;
}

const colours: Readonly<Record<Level, string>> = {
  debug: "\x1b[90m",
  info: "\x1b[36m",
  warn: "\x1b[33m",
  error: "\x1b[31m",
};

function prettyLine(level: Level, event: string, fields: Fields): string {
  const time = new Date().toISOString().slice(11, 19);
  const { message, ...rest } = fields;
  const parts = Object.entries(rest)
    .filter(([, value]) => value !== null)
    .map(([name, value]) => `\x1b[90m${name}=\x1b[0m${plain(value)}`);
  const text = typeof message === "string" ? printable(message) : event;
  return [
    `\x1b[90m${time}\x1b[0m ${colours[level]}${level.padEnd(5)}\x1b[0m ${text}`,
    ...parts,
  ].join(" ");
}

function plain(value: Fields[string]): string {
  if (typeof value === "string")
    return /^[\w./:@+-]+$/.test(value) ? value : printable(JSON.stringify(value));
  return Array.isArray(value) ? printable(value.join(", ")) : String(value);
}

/** Nothing that a terminal would act on. */
function printable(text: string): string {
  return text.replace(/[^\P{C}\n]|[\u2028\u2029]/gu, "?").replaceAll("\n", "\n  ");
}
