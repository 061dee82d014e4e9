import { type Pair, pairsOf, recordOf } from "../../parts/pairs-record.ts";
import type { Settings } from "../../endpoint.ts";
import { isRecord } from "../../is-record.ts";

/** Settings that are a number, empty where they are left out. */
export const numberNames = [
  "cost_per_request",
  "rpm_limit",
  "tpm_limit",
  "max_parallel_requests",
  "max_budget",
  "timeout",
  "connect_timeout",
  "stream_idle_timeout",
  "max_duration",
  "client_idle_timeout",
  "max_body_size",
] as const;

/** Settings that are off where they are left out. */
const switchNames = [
  "include_subpath",
  "forward_headers",
  "merge_query_params",
  "trust_upstream_cost",
  "request_stream_usage",
  "drain_on_disconnect",
] as const;

/** Settings that are a line of text. */
const textNames = ["budget_duration", "provider", "custom_auth_parser"] as const;

/** Settings that are written as JSON. */
export const jsonNames = ["usage", "prices"] as const;

export type NumberName = (typeof numberNames)[number];
export type SwitchName = (typeof switchNames)[number];
export type TextName = (typeof textNames)[number];
export type JsonName = (typeof jsonNames)[number];

/** `default`: as the gateway is set. */
export type LogChoice = "default" | "off" | "metadata" | "bodies";

/** All that the form holds, by the names of the settings. */
export type RouteValues = Readonly<Record<NumberName, number | null>> &
  Readonly<Record<SwitchName, boolean>> &
  Readonly<Record<TextName | JsonName, string>> & {
    /** Only of a new route. */
    readonly id: string;
    readonly path: string;
    readonly target: string;
    readonly methods: readonly string[];
    readonly headers: readonly Pair[];
    readonly default_query_params: readonly Pair[];
    /** A key is needed. */
    readonly auth: boolean;
    readonly log: LogChoice;
    readonly log_max_bytes: number | null;
    readonly log_sample: number | null;
    readonly tls_verify: boolean;
    readonly tls_server_name: string;
  };

/** What a new route starts with: what is below its path is served too. */
export function newRoute(): RouteValues {
  return { ...valuesOf({}), include_subpath: true };
}

/** The settings of a reply as the form shows them. */
export function valuesOf(settings: Settings): RouteValues {
  const { id, path, target, methods, headers, default_query_params: query, auth, tls } = settings;
  const { verify, server_name: serverName } = isRecord(tls) ? tls : {};
  return {
    ...byName(numberNames, (name) => numberOf(settings[name])),
    ...byName(switchNames, (name) => settings[name] === true),
    ...byName(textNames, (name) => textOf(settings[name])),
    ...byName(jsonNames, (name) => jsonText(settings[name])),
    id: textOf(id),
    path: textOf(path),
    target: textOf(target),
    methods: Array.isArray(methods) ? methods.map((one) => String(one).toUpperCase()) : [],
    headers: pairsOf(isRecord(headers) ? headers : {}),
    default_query_params: pairsOf(isRecord(query) ? query : {}),
    auth: auth !== false,
    ...logValues(settings["log"]),
    tls_verify: verify !== false,
    tls_server_name: textOf(serverName),
  };
}

/** The settings that were set; what is left out, or cannot be read, is not among them. */
export function settingsOf(values: RouteValues): Settings {
  const headers = recordOf(values.headers);
  const query = recordOf(values.default_query_params);
  const tls = {
    ...(values.tls_verify ? {} : { verify: false }),
    ...(values.tls_server_name.trim() === "" ? {} : { server_name: values.tls_server_name.trim() }),
  };
  const all: Settings = {
    path: values.path.trim(),
    target: values.target.trim(),
    ...byName(switchNames, (name) => values[name] || undefined),
    methods: values.methods.length === 0 ? undefined : values.methods,
    headers: Object.keys(headers).length === 0 ? undefined : headers,
    default_query_params: Object.keys(query).length === 0 ? undefined : query,
    auth: values.auth ? undefined : false,
    ...byName(textNames, (name) => values[name].trim() || undefined),
    ...byName(numberNames, (name) => values[name] ?? undefined),
    ...byName(jsonNames, (name) => parsedJson(values[name])?.value),
    log: logSetting(values),
    tls: Object.keys(tls).length === 0 ? undefined : tls,
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}

/** What to send so that settings become others: null takes one out. */
export function changesOf(before: Settings, after: Settings): Settings {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  const changed = [...names].filter((name) => !isSame(before[name], after[name]));
  return Object.fromEntries(changed.map((name) => [name, after[name] ?? null]));
}

/** One's own changes to `base` over what somebody else made of it. */
export function rebased(base: RouteValues, mine: RouteValues, theirs: RouteValues): RouteValues {
  const own = Object.entries(mine).filter(
    ([name, value]) => !isSame(value, Object.entries(base).find(([key]) => key === name)?.[1]),
  );
  return { ...theirs, ...Object.fromEntries(own) };
}

/** Whether two values of settings or forms are the same. The order of members counts: it is an order of headers. */
export function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one, told) === JSON.stringify(other, told);
}

/** JSON has no word for a text that is no number. */
function told(_name: string, value: unknown): unknown {
  return Number.isNaN(value) ? "no number" : value;
}

/** What JSON text says: null for what is none, an undefined value for an empty text. */
export function parsedJson(text: string): { readonly value: unknown } | null {
  if (text.trim() === "") return { value: undefined };
  try {
    return { value: JSON.parse(text) };
  } catch {
    return null;
  }
}

function logValues(log: unknown): Pick<RouteValues, "log" | "log_max_bytes" | "log_sample"> {
  const none = { log_max_bytes: null, log_sample: null };
  if (log === "off" || log === false) return { log: "off", ...none };
  if (log === "metadata" || log === "bodies") return { log, ...none };
  if (!isRecord(log)) return { log: "default", ...none };
  const { bodies, max_bytes: most, sample } = log;
  const kept = { log_max_bytes: numberOf(most), log_sample: numberOf(sample) };
  if (bodies === true) return { log: "bodies", ...kept };
  return { log: bodies === false ? "metadata" : "default", ...none };
}

function logSetting(values: RouteValues): unknown {
  if (values.log === "default") return undefined;
  const { log_max_bytes: most, log_sample: sample } = values;
  if (values.log !== "bodies" || (most === null && sample === null)) return values.log;
  return {
    bodies: true,
    ...(most === null ? {} : { max_bytes: most }),
    ...(sample === null ? {} : { sample }),
  };
}

function byName<Name extends string, Value>(
  names: readonly Name[],
  value: (name: Name) => Value,
): Record<Name, Value>;
function byName(names: readonly string[], value: (name: string) => unknown) {
  return Object.fromEntries(names.map((name) => [name, value(name)]));
}

function numberOf(value: unknown): number | null {
  return typeof value === "number" ? value : null;
}

function textOf(value: unknown): string {
  return value === null || value === undefined ? "" : String(value);
}

function jsonText(value: unknown): string {
  return value === null || value === undefined ? "" : JSON.stringify(value, null, 2);
}
