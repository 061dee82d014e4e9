import type { MeteringSettings } from "../core/metering-settings.ts";
import type { AuthRule, Deadlines, HeaderPlan, Metering, Reach, Route } from "../core/routes.ts";
import { compileHeaders } from "./compile-headers.ts";
import { compileLimits, costOf } from "./compile-limits.ts";
import { compileLog, type LogDefaults } from "./compile-log.ts";
import { compileMetering } from "./compile-metering.ts";
import { privateTarget } from "./compile-reach.ts";
import { compileQuery, compileTarget } from "./compile-target.ts";
import { compileTls } from "./compile-tls.ts";
import type { Endpoint } from "./endpoint-schema.ts";
import { type Finding, fault, type KeyPath, keyOf, warning } from "./findings.ts";
import type { LoadedEndpoint } from "./sound-part.ts";

/** What an endpoint needs to know of its surroundings. */
export interface EndpointContext {
  readonly secretKeys: ReadonlySet<string>;
  /** Files are relative to it. */
  readonly directory: string;
  readonly sampleUrl: () => string;
  /** `SERVER_ROOT_PATH`: put before every path. */
  readonly rootPath: string;
  readonly timeoutMs: number;
  readonly maxBodyBytes: number;
  /** What `provider` may name. */
  readonly formats: readonly string[];
  /** Format and prices for what is configured; null where its replies are not to be looked at. */
  readonly metering: (settings: MeteringSettings) => Metering | null;
  readonly log: LogDefaults;
  /** Where endpoints made through the API may lead. */
  readonly reach: Reach;
  /** `include_cost_in_streaming_usage`. */
  readonly tellsCostInStreams: boolean;
}

export interface CompiledEndpoint {
  /** Null where a fault leaves nothing to serve. */
  readonly route: Route | null;
  readonly findings: readonly Finding[];
}

/** An endpoint as its route, everything resolved; what is wrong with it are findings. */
export function compileEndpoint(
  { endpoint, owner, isBeingStored, path, writtenTarget }: LoadedEndpoint,
  context: EndpointContext,
): CompiledEndpoint {
  const isSecret = (...keys: string[]) => context.secretKeys.has(keyOf([...path, ...keys]));
  const targetText = { text: endpoint.target, written: writtenTarget };
  const compiled = compileTarget(targetText, [...path, "target"], context.sampleUrl);
  const headers = compileHeaders(endpoint, [...path, "headers"], (name) =>
    isSecret("headers", name),
  );
  const tls = compileTls(endpoint.tls, [...path, "tls"], context.directory);
  const limits = compileLimits(endpoint, path);
  const metered = compileMetering(endpoint, path, context.formats);
  const log = compileLog(endpoint.log, [...path, "log"], context.log);
  const own = { findings: ownFindings(endpoint, path) };
  const findings = [headers, tls, limits, metered, log, own].flatMap((part) => part.findings);
  if ("finding" in compiled) return { route: null, findings: [compiled.finding, ...findings] };
  const reach = owner === "config" || compiled.isSample ? null : context.reach;
  if (reach !== null) {
    const found = privateTarget(compiled.target, [...path, "target"], reach);
    findings.push(...(isBeingStored ? found : found.map(refusedAtConnect)));
  }

  const { origin } = compiled.target;
  const metering = metered.settings && context.metering({ ...metered.settings, origin });
  const editsStreams = endpoint.request_stream_usage === true || context.tellsCostInStreams;
  const plan = metering !== null && editsStreams ? uncoded(headers.plan) : headers.plan;
  const query = compileQuery(endpoint, compiled.target, isSecret("target"));
  const inQuery = query.credentialNames.size > 0;
  const methods = methodsOf(endpoint);
  const route: Route = {
    id: idOf(endpoint, context.rootPath),
    owner,
    path: servedPath(endpoint, context.rootPath),
    includeSubpath: endpoint.include_subpath === true,
    methods: methods.length === 0 ? null : new Set(methods),
    target: compiled.target,
    label: compiled.label,
    toldTarget: owner === "api" && !compiled.isSample ? origin : compiled.label,
    auth: authRule(endpoint.auth ?? (owner === "api" ? true : undefined)),
    carriesCredentials: headers.carriesCredentials || inQuery || isSecret("target"),
    callerKeyHeader: headers.callerKeyHeader,
    keyFromBasic: endpoint.custom_auth_parser === "langfuse",
    headers: { ...plan, ownCredential: plan.ownCredential || inQuery },
    query,
    deadlines: deadlines(endpoint, context),
    maxBodyBytes: endpoint.max_body_size ?? context.maxBodyBytes,
    limits: limits.limits,
    costNanoUsd: costOf(endpoint),
    metering,
    trustsUpstreamCost: endpoint.trust_upstream_cost === true,
    requestsStreamUsage: endpoint.request_stream_usage === true,
    drainsOnDisconnect: endpoint.drain_on_disconnect === true,
    tellsCostInStreams: context.tellsCostInStreams,
    keepsRows: log.keepsRows,
    bodyLogging: log.bodyLogging,
    transport: { proxy: endpoint.proxy ?? null, tls: tls.tls, reach },
  };
  return { route, findings };
}

/** Every call is refused, whatever else the gateway does. */
function refusedAtConnect(finding: Finding): Finding {
  return { ...finding, severity: "warning", message: `${finding.message}: calls are refused` };
}

/** As it is written, else put together of methods and path: the same at every start. */
export function idOf(endpoint: Endpoint, rootPath: string): string {
  if (endpoint.id !== undefined) return endpoint.id;
  const methods = methodsOf(endpoint).join(",");
  return `${methods} ${servedPath(endpoint, rootPath)}`.trim();
}

function methodsOf({ methods }: Endpoint): string[] {
  return methods?.map((method) => method.toUpperCase()) ?? [];
}

/** Asks for replies without a coding: of a coded stream no frame can be changed. */
function uncoded(plan: HeaderPlan): HeaderPlan {
  if (plan.fixedNames.has("accept-encoding")) return plan;
  return {
    ...plan,
    fixed: { ...plan.fixed, "accept-encoding": "identity" },
    fixedNames: new Set([...plan.fixedNames, "accept-encoding"]),
  };
}

function authRule(auth: boolean | undefined): AuthRule {
  if (auth === undefined) return "local";
  return auth ? "key" : "anyone";
}

/** The path that requests of an endpoint have. */
export function servedPath(endpoint: Endpoint, rootPath: string): string {
  return rootPath + normalPath(endpoint);
}

/** As a request's path would be written; a prefix stands without its last slash. */
function normalPath({ path, include_subpath }: Endpoint): string {
  const written = new URL(path.replace(/^\/+/, "/"), "http://h").pathname;
  return include_subpath === true && written !== "/" ? written.replace(/\/$/, "") : written;
}

function ownFindings({ path: served, proxy }: Endpoint, path: KeyPath): Finding[] {
  const findings: Finding[] = [];
  const place = [...path, "path"];
  const parts = served.replace(/%2e/gi, ".").split("/").slice(1);
  const empty = parts.slice(0, -1).includes("");
  if (parts.includes(".") || parts.includes("..") || empty || served.includes("\\")) {
    const remedy = "Take out dots, empty parts and backslashes.";
    findings.push(fault(place, "no request can have this path", remedy));
  }
  if (/[*{}]/.test(served)) {
    const message = "a path is literal: * and {…} stand for themselves";
    findings.push(warning(place, message, "For all that is below it use include_subpath: true."));
  }
  if (proxy !== undefined && (!URL.canParse(proxy) || /\s/.test(proxy))) {
    findings.push(fault([...path, "proxy"], "this is not a URL", "Write http://host:port."));
  }
  return findings;
}

function deadlines(endpoint: Endpoint, context: EndpointContext): Deadlines {
  const ms = (seconds: number | undefined, fallback: number) =>
    seconds === undefined ? fallback : seconds * 1000;
  return {
    connectMs: ms(endpoint.connect_timeout, 5_000),
    firstByteMs: ms(endpoint.timeout, context.timeoutMs),
    idleMs: ms(endpoint.stream_idle_timeout, 300_000),
    totalMs: endpoint.max_duration === undefined ? null : endpoint.max_duration * 1000,
    clientIdleMs: ms(endpoint.client_idle_timeout, 120_000),
  };
}
