/** `POST /config/reload?dry_run=true`: what a reload would do. */
export interface PreviewReply {
  readonly can_reload: boolean;
  readonly faults: readonly string[];
  /** Those that the running config does not have. */
  readonly warnings: readonly string[];
  readonly added: readonly string[];
  /** `/bria (headers, target)`, or a setting's key. */
  readonly changed: readonly string[];
  readonly removed: readonly string[];
}

/** One line of a diff in words. */
export interface ChangeLine {
  readonly sign: "+" | "−" | "~";
  readonly word: "added" | "removed" | "changed";
  readonly kind: "route" | "setting";
  readonly name: string;
  /** What of a route would be another: in words. */
  readonly parts: readonly string[];
  /** It is read at the start of the gateway alone. */
  readonly needsRestart: boolean;
}

/** Settings that a reload reads and only a restart applies. */
export const restartSettings: readonly string[] = [
  "general_settings.database_url",
  "general_settings.disable_spend_logs",
  "general_settings.ledger_sync",
  "general_settings.metrics_listen",
];

/** Routes that come, routes that go, then what would be another. */
export function changeLines({ added, changed, removed }: PreviewReply): ChangeLine[] {
  const route = { kind: "route", parts: [], needsRestart: false } as const;
  return [
    ...added.map((name) => ({ ...route, sign: "+", word: "added", name }) as const),
    ...removed.map((name) => ({ ...route, sign: "−", word: "removed", name }) as const),
    ...changed.map(changedLine),
  ];
}

export function needsRestart(preview: PreviewReply): boolean {
  return changeLines(preview).some((line) => line.needsRestart);
}

/** A reload would make no difference. */
export function changesNothing({ faults, warnings, added, changed, removed }: PreviewReply) {
  return [faults, warnings, added, changed, removed].every(({ length }) => length === 0);
}

function changedLine(text: string): ChangeLine {
  const line = { sign: "~", word: "changed" } as const;
  const [, name = text, parts = null] = /^(.*) \(([A-Za-z, ]+)\)$/s.exec(text) ?? [];
  if (parts !== null) {
    const words = [...new Set(parts.split(", ").map((part) => partWords[part] ?? spaced(part)))];
    return { ...line, kind: "route", name, parts: words, needsRestart: false };
  }
  const isLate = restartSettings.includes(text);
  return { ...line, kind: "setting", name: text, parts: [], needsRestart: isLate };
}

/** A route's parts, as its settings are called. */
const partWords: Readonly<Record<string, string>> = {
  owner: "where it is defined",
  includeSubpath: "sub-paths",
  label: "target",
  auth: "who may call it",
  carriesCredentials: "credentials",
  callerKeyHeader: "where the caller's key is",
  keyFromBasic: "where the caller's key is",
  query: "query parameters",
  deadlines: "timeouts",
  maxBodyBytes: "largest body",
  costNanoUsd: "cost per call",
  metering: "usage and prices",
  trustsUpstreamCost: "trust in the upstream's cost",
  requestsStreamUsage: "usage in streams",
  drainsOnDisconnect: "reading on after a client left",
  tellsCostInStreams: "cost in streams",
  keepsRows: "log",
  bodyLogging: "logged bodies",
  transport: "connection",
};

/** `someName` as `some name`. */
function spaced(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}
