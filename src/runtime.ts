import { BlockList, isIP } from "node:net";
import { dirname } from "node:path";
import { compileEndpoint } from "./config/compile-endpoint.ts";
import { type Finding, fault, type KeyPath, keyOf, warning } from "./config/findings.ts";
import type { LoadedConfig } from "./config/load.ts";
import type { Config, GeneralSettings } from "./config/schema.ts";
import { KeySecret } from "./core/key.ts";
import { type Route, RouteConflict, RouteTable } from "./core/routes.ts";
import type { GatewayRules } from "./gateway/pipeline.ts";
import { isLoopback } from "./gateway/at-this-machine.ts";
import { adminPaths } from "./http/admin-paths.ts";
import { version } from "./version.ts";

/** What a config is built for: facts of the process that no reload changes. */
export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Addresses it listens on. */
  readonly addresses: readonly string[];
  /** 0 while it is not known: then no target can be this listener. */
  readonly port: number;
  readonly sampleUrl: () => string;
}

/** All that a reload replaces, swapped whole. */
export interface Runtime {
  readonly rules: GatewayRules;
  /** `admin_hosts`, in lower case. */
  readonly adminHosts: ReadonlySet<string>;
  readonly off: readonly { readonly path: string; readonly unset: readonly string[] }[];
}

export interface BuiltRuntime {
  /** Null where there are faults. */
  readonly runtime: Runtime | null;
  /** Those of loading among them. */
  readonly findings: readonly Finding[];
}

const list: KeyPath = ["general_settings", "pass_through_endpoints"];

/** Checked config → routes and rules. Everything is resolved here; nothing is looked up per call. */
export function buildRuntime(loaded: LoadedConfig, surroundings: Surroundings): BuiltRuntime {
  const { config } = loaded;
  if (config === null) return { runtime: null, findings: loaded.findings };
  const general = config.general_settings ?? {};
  const rootPath = (surroundings.env["SERVER_ROOT_PATH"] ?? "").replace(/\/+$/, "");
  const masterKey = general.master_key ?? surroundings.env["LITELLM_MASTER_KEY"] ?? "";
  const findings = [...loaded.findings, ...masterKeyFindings(masterKey, surroundings)];
  const compiled = compileAll(config, loaded, surroundings, rootPath);
  findings.push(...compiled.findings);
  for (const [route, path] of compiled.places) {
    findings.push(...routeFindings(route, path, { surroundings, masterKey, rootPath }));
  }
  const routes = tableOf(compiled.places, findings);
  const addresses = {
    allowed: blockList(general.allowed_ips, "allowed_ips", findings),
    proxies: blockList(general.trusted_proxies, "trusted_proxies", findings),
  };
  if (routes === null || findings.some(({ severity }) => severity === "fault")) {
    return { runtime: null, findings };
  }
  const key = masterKey === "" ? null : new KeySecret(masterKey);
  return {
    runtime: {
      rules: rulesOf(general, routes, addresses, key),
      adminHosts: new Set((general.admin_hosts ?? []).map((host) => host.toLowerCase())),
      off: compiled.off,
    },
    findings,
  };
}

function rulesOf(
  general: GeneralSettings,
  routes: RouteTable,
  addresses: GatewayRules["addresses"],
  masterKey: KeySecret | null,
): GatewayRules {
  const keyHeader = general.litellm_key_header_name?.toLowerCase() ?? null;
  return {
    routes,
    addresses,
    keys: { masterKey, keyHeader },
    scrub: { masterKey, keyHeader, userAgent: `tollgate/${version}` },
    callIdInErrors: general.include_call_id_in_error_body === true,
  };
}

function compileAll(
  config: Config,
  loaded: LoadedConfig,
  { sampleUrl }: Surroundings,
  rootPath: string,
) {
  const general = config.general_settings ?? {};
  const places = new Map<Route, KeyPath>();
  const findings: Finding[] = [];
  const off: Runtime["off"][number][] = [];
  (general.pass_through_endpoints ?? []).forEach((endpoint, index) => {
    const unset = loaded.off.get(index);
    if (unset !== undefined) {
      off.push({ path: rootPath + endpoint.path, unset });
      return;
    }
    const path = [...list, index];
    const { route, findings: found } = compileEndpoint(endpoint, {
      path,
      secretKeys: loaded.secretKeys,
      directory: dirname(loaded.file),
      sampleUrl,
      rootPath,
      timeoutMs: (general.pass_through_request_timeout ?? 600) * 1000,
      maxBodyBytes: (general.max_request_size_mb ?? 1024) * 1024 * 1024,
    });
    findings.push(...found);
    if (route !== null) places.set(route, path);
  });
  return { places, findings, off };
}

function tableOf(places: ReadonlyMap<Route, KeyPath>, findings: Finding[]): RouteTable | null {
  const ids = new Map<string, KeyPath>();
  for (const [route, path] of places) {
    const first = ids.get(route.id);
    ids.set(route.id, path);
    if (first === undefined || first === path) continue;
    const message = `the id ${route.id} is that of ${keyOf(first)} too`;
    findings.push(fault(path, message, "Give one of them another path, methods or id."));
  }
  try {
    return new RouteTable([...places.keys()]);
  } catch (error) {
    if (!(error instanceof RouteConflict)) throw error;
    const second = places.get(error.second) ?? [];
    const message = `${error.second.path} is served by ${keyOf(places.get(error.first) ?? [])} too`;
    findings.push(fault(second, message, "Give one of them another path or other methods."));
    return null;
  }
}

interface RouteSurroundings {
  readonly surroundings: Surroundings;
  readonly masterKey: string;
  readonly rootPath: string;
}

function routeFindings(
  route: Route,
  path: KeyPath,
  { surroundings, masterKey, rootPath }: RouteSurroundings,
): Finding[] {
  const findings: Finding[] = [];
  if (adminPaths.some((admin) => rootPath + admin === route.path)) {
    findings.push(
      fault([...path, "path"], `${route.path} belongs to the admin API`, "Choose another path."),
    );
  }
  if (isOwnListener(route, surroundings)) {
    findings.push(
      fault([...path, "target"], "this is the gateway's own listener", "Name another upstream."),
    );
  }
  if (!route.carriesCredentials || route.auth === "key") {
    if (route.carriesCredentials && masterKey === "" && !onLoopback(surroundings)) {
      findings.push(keyless(path));
    }
    return findings;
  }
  if (route.auth === "anyone") {
    const message = `anyone who reaches this gateway may call ${route.path} with your credentials`;
    findings.push(warning([...path, "auth"], message, "Set auth: true to ask for a key."));
  } else if (masterKey === "" && !onLoopback(surroundings)) {
    findings.push(keyless(path));
  } else if (onLoopback(surroundings)) {
    const message = `anyone at this machine may call ${route.path} with your credentials, and so may everyone behind a proxy here that does not announce itself (stock nginx)`;
    findings.push(warning(path, message, "Set auth: true to ask for a key."));
  }
  return findings;
}

function keyless(path: KeyPath): Finding {
  const message = "this route carries credentials, and there is no master key that could guard it";
  return fault(path, message, "Set general_settings.master_key, or auth: false to let anyone in.");
}

function onLoopback({ addresses }: Surroundings): boolean {
  return addresses.every(isLoopback);
}

function isOwnListener({ target }: Route, { addresses, port }: Surroundings): boolean {
  const url = new URL(target.origin);
  const defaultPort = url.protocol === "https:" ? 443 : 80;
  if (port === 0 || Number(url.port === "" ? defaultPort : url.port) !== port) return false;
  const host = url.hostname.replace(/^\[|\]$/g, "").toLowerCase();
  const anywhere = addresses.some((address) => address === "0.0.0.0" || address === "::");
  const local = host === "localhost" || isLoopback(host) || host === "0.0.0.0" || host === "::";
  return addresses.includes(host) || (local && (anywhere || addresses.some(isLoopback)));
}

/** Keys that stand in tutorials. */
const publicKeys = new Set(["sk-1234", "sk-12345", "sk-123456", "sk-12345678", "sk-1234567890"]);

function masterKeyFindings(key: string, surroundings: Surroundings): Finding[] {
  if (key === "" || (key.length >= 16 && !publicKeys.has(key))) return [];
  const path = ["general_settings", "master_key"];
  const remedy = "Take one of 16 characters or more: openssl rand -hex 24.";
  const message = "the master key can be guessed";
  return [
    onLoopback(surroundings)
      ? warning(path, `${message} (accepted on a loopback address)`, remedy)
      : fault(path, `${message}, and the listener is not on a loopback address`, remedy),
  ];
}

function blockList(
  entries: readonly string[] | undefined,
  key: string,
  findings: Finding[],
): BlockList | null {
  if (entries === undefined || entries.length === 0) return null;
  const blocks = new BlockList();
  entries.forEach((entry, index) => {
    const [address = "", bits] = entry.split("/");
    const family = isIP(address) === 6 ? "ipv6" : "ipv4";
    const widest = family === "ipv6" ? 128 : 32;
    const prefix = bits === undefined ? widest : /^\d{1,3}$/.test(bits) ? Number(bits) : -1;
    if (isIP(address) === 0 || prefix < 0 || prefix > widest) {
      const place = ["general_settings", key, index];
      findings.push(fault(place, `${entry} is not an address or CIDR`, "Write 10.0.0.0/8, say."));
      return;
    }
    blocks.addSubnet(address, prefix, family);
  });
  return blocks;
}
