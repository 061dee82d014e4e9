import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import type { AuthRule, Deadlines, Route, Transport, TransportTls } from "../core/routes.ts";
import { compileHeaders } from "./compile-headers.ts";
import { compileQuery, compileTarget } from "./compile-target.ts";
import { type Finding, fault, type KeyPath, keyOf, warning } from "./findings.ts";
import type { Endpoint, EndpointTls } from "./schema.ts";

/** What an endpoint needs to know of its surroundings. */
export interface EndpointContext {
  /** Where its keys stand in the file. */
  readonly path: KeyPath;
  readonly secretKeys: ReadonlySet<string>;
  /** Files are relative to it. */
  readonly directory: string;
  readonly sampleUrl: () => string;
  /** `SERVER_ROOT_PATH`: put before every path. */
  readonly rootPath: string;
  readonly timeoutMs: number;
  readonly maxBodyBytes: number;
}

export interface CompiledEndpoint {
  /** Null where a fault leaves nothing to serve. */
  readonly route: Route | null;
  readonly findings: readonly Finding[];
}

/** An endpoint as its route, everything resolved; what is wrong with it are findings. */
export function compileEndpoint(endpoint: Endpoint, context: EndpointContext): CompiledEndpoint {
  const { path } = context;
  const isSecret = (...keys: string[]) => context.secretKeys.has(keyOf([...path, ...keys]));
  const compiled = compileTarget(endpoint.target, [...path, "target"], context.sampleUrl);
  const headers = compileHeaders(endpoint, [...path, "headers"], (name) =>
    isSecret("headers", name),
  );
  const tls = compileTls(endpoint.tls, [...path, "tls"], context.directory);
  const findings = [...headers.findings, ...tls.findings, ...pathFindings(endpoint, path)];
  if ("finding" in compiled) return { route: null, findings: [compiled.finding, ...findings] };

  const query = compileQuery(endpoint, compiled.target, isSecret("target"));
  const inQuery = query.credentialNames.size > 0;
  const methods = endpoint.methods?.map((method) => method.toUpperCase()) ?? [];
  const servedPath = context.rootPath + normalPath(endpoint);
  const route: Route = {
    id: endpoint.id ?? [methods.join(","), servedPath].filter((part) => part !== "").join(" "),
    path: servedPath,
    includeSubpath: endpoint.include_subpath === true,
    methods: methods.length === 0 ? null : new Set(methods),
    target: compiled.target,
    label: compiled.label,
    auth: authRule(endpoint.auth),
    carriesCredentials: headers.carriesCredentials || inQuery || isSecret("target"),
    callerKeyHeader: headers.callerKeyHeader,
    keyFromBasic: endpoint.custom_auth_parser === "langfuse",
    headers: { ...headers.plan, ownCredential: headers.plan.ownCredential || inQuery },
    query,
    deadlines: deadlines(endpoint, context),
    maxBodyBytes: endpoint.max_body_size ?? context.maxBodyBytes,
    transport: transport(endpoint, tls.tls),
  };
  return { route, findings };
}

function authRule(auth: boolean | undefined): AuthRule {
  if (auth === undefined) return "local";
  return auth ? "key" : "anyone";
}

/** As a request's path would be written; a prefix stands without its last slash. */
function normalPath({ path, include_subpath }: Endpoint): string {
  const written = new URL(path.replace(/^\/+/, "/"), "http://h").pathname;
  return include_subpath === true && written !== "/" ? written.replace(/\/$/, "") : written;
}

function pathFindings(endpoint: Endpoint, path: KeyPath): Finding[] {
  const segments = endpoint.path.replace(/%2e/gi, ".").split("/");
  if (!segments.some((part) => part === "." || part === "..") && !endpoint.path.includes("//")) {
    return [];
  }
  return [
    fault([...path, "path"], "no request can have this path", "Take out the dots and empty parts."),
  ];
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

function transport({ proxy }: Endpoint, tls: TransportTls | null): Transport {
  return { proxy: proxy ?? null, tls };
}

function compileTls(
  tls: EndpointTls | undefined,
  path: KeyPath,
  directory: string,
): { readonly tls: TransportTls | null; readonly findings: readonly Finding[] } {
  if (tls === undefined) return { tls: null, findings: [] };
  const findings: Finding[] = [];
  const read = (key: "ca" | "cert" | "key") => {
    const file = tls[key];
    if (file === undefined) return null;
    try {
      return readFileSync(resolve(directory, file), "utf8");
    } catch {
      findings.push(fault([...path, key], "this file cannot be read", "Check its path and mode."));
      return null;
    }
  };
  if (tls.verify === false) {
    const message = "the upstream's certificate is not checked";
    findings.push(
      warning([...path, "verify"], message, "Trust its authority with tls.ca instead."),
    );
  }
  const compiled: TransportTls = {
    ca: read("ca"),
    cert: read("cert"),
    key: read("key"),
    serverName: tls.server_name ?? null,
    verify: tls.verify !== false,
  };
  return { tls: compiled, findings };
}
