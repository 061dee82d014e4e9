import { addressList } from "./config/address-list.ts";
import { checkBudget } from "./config/check-budget.ts";
import type { ConfiguredEndpoint } from "./core/configured-endpoint.ts";
import type { StoredEndpoint } from "./core/endpoint-book.ts";
import { loadStored } from "./config/stored-endpoints.ts";
import { compileReach } from "./config/compile-reach.ts";
import { compileModels } from "./config/compile-models.ts";
import { compileRoutes, type OffEndpoint } from "./config/compile-routes.ts";
import { type CompiledSettings, compileSettings } from "./config/compile-settings.ts";
import { type Finding, isFault } from "./config/findings.ts";
import { generalFindings } from "./config/general-findings.ts";
import type { GeneralSettings } from "./config/general-schema.ts";
import type { LoadedConfig } from "./config/load.ts";
import { masterKeyOf } from "./config/master-key.ts";
import { rootPathFindings, serverRootPath } from "./config/root-path.ts";
import { basicCredentials, KeySecret, withoutScheme } from "./core/key.ts";
import type { Keys } from "./core/key-record.ts";
import { isSecretHeader, isSecretParameter } from "./core/endpoint-secrets.ts";
import type { MeteringSettings } from "./core/metering-settings.ts";
import type { Prices } from "./core/pricing.ts";
import type { Metering, Reach, Route } from "./core/routes.ts";
import type { GatewayRules } from "./gateway/pipeline.ts";
import { takenPaths } from "./http/admin-paths.ts";
import { type ModelPrices, modelPricesOf } from "./pricing/model-prices.ts";
import { createPrices } from "./pricing/prices.ts";
import { customFormat } from "./providers/custom.ts";
import { formatNames, formatOf } from "./providers/index.ts";
import { version } from "./version.ts";

/** What a config is built for: facts of the process that no reload changes. */
export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Addresses it listens on. */
  readonly addresses: readonly string[];
  /** 0 while it is not known: then no target can be this listener. */
  readonly port: number;
  readonly sampleUrl: () => string;
  readonly keys: Keys;
}

/** All that a reload replaces, swapped whole. */
export interface Runtime extends CompiledSettings {
  readonly rules: GatewayRules;
  /** `admin_hosts`, in lower case. */
  readonly adminHosts: ReadonlySet<string>;
  /** In clear text; null where there is none. */
  readonly masterKey: string | null;
  /** What no record may hold: the master key, and what routes send as credentials. */
  readonly secrets: readonly string[];
  /** Those of `model_list`, and the catalogue's. */
  readonly prices: Prices;
  readonly off: readonly OffEndpoint[];
  /** The file's endpoints, as they stand there. */
  readonly configured: readonly ConfiguredEndpoint[];
  /** Where endpoints made through the API may lead. */
  readonly reach: Reach;
}

export interface BuiltRuntime {
  /** Null where there are faults. */
  readonly runtime: Runtime | null;
  /** What can be served, also where there are faults. */
  readonly routes: readonly Route[];
  readonly off: readonly OffEndpoint[];
  readonly configured: readonly ConfiguredEndpoint[];
  readonly reach: Reach;
  /** Those of loading among them, in the order of the file. */
  readonly findings: readonly Finding[];
}

/**
 * Checked config, and the endpoints that were made through the API → routes and rules. Everything is resolved here;
 * nothing is looked up per call. `changed`: the one of these that is about to be stored.
 */
export function buildRuntime(
  loaded: LoadedConfig,
  surroundings: Surroundings,
  stored: readonly StoredEndpoint[] = [],
  changed: string | null = null,
): BuiltRuntime {
  const { general } = loaded;
  const { env, sampleUrl } = surroundings;
  const rootPath = serverRootPath(env);
  const masterKey = masterKeyOf(general.master_key, loaded.env, surroundings);
  const allowed = addressList(general.allowed_ips, "allowed_ips");
  const proxies = addressList(general.trusted_proxies, "trusted_proxies");
  const { settings, findings: settingFindings } = compileSettings(loaded);
  const models = compileModels(loaded.models);
  const listed = modelPricesOf(models.models);
  const prices = createPrices({ route: null, models: listed.prices });
  const { reach, findings: reachFindings } = compileReach(
    general.allow_private_targets,
    surroundings,
  );
  const metering = meteringBy(prices, listed.prices);
  const { table, off, configured, findings } = compileRoutes(
    loaded,
    loadStored(stored, changed),
    { sampleUrl, rootPath, formats: formatNames, metering, reach },
    {
      listener: surroundings,
      hasMasterKey: masterKey.key !== "" || hasWrongMasterKey(loaded),
      adminPaths: takenPaths(rootPath),
      holds: settings.holds,
    },
  );
  const all = loaded.inOrder([
    ...loaded.findings,
    ...rootPathFindings(env),
    ...generalFindings(loaded),
    ...masterKey.findings,
    ...allowed.findings,
    ...proxies.findings,
    ...reachFindings,
    ...settingFindings,
    ...models.findings,
    ...listed.findings.map(({ entry, key, message }) => models.wrongPrice(entry, key, message)),
    ...checkBudget(
      settings.everybody.budget,
      table.all,
      ["litellm_settings", "max_budget"],
      settings.holds,
    ),
    ...findings,
  ]);
  const report = { routes: table.all, off, configured, reach, findings: all };
  if (all.some(isFault)) return { runtime: null, ...report };
  const key = masterKey.key === "" ? null : new KeySecret(masterKey.key);
  const rules = rulesOf(
    general,
    { routes: table, rootPath, addresses: { allowed: allowed.list, proxies: proxies.list } },
    { masterKey: key, keys: surroundings.keys },
  );
  const adminHosts = new Set((general.admin_hosts ?? []).map((host) => host.toLowerCase()));
  const secrets = new Set([masterKey.key, ...table.all.flatMap(credentialsOf)].filter(isLong));
  const fixed = {
    rules,
    adminHosts,
    masterKey: key === null ? null : masterKey.key,
    secrets: [...secrets],
    prices,
    off,
    configured,
    reach,
  };
  return { runtime: { ...settings, ...fixed }, ...report };
}

/** Whatever a route sends that may be a credential: as it is sent, and the readings of it that an upstream may tell. */
function credentialsOf({ carriesCredentials, headers, query, target, label }: Route): string[] {
  const given = `${query.defaults.join("&")}&${target.query}`
    .split("&")
    .map((pair) => [pair.replace(/=.*/s, ""), pair.replace(/^[^=]*=?/, "")] as const)
    .filter(([name]) => query.credentialNames.has(decoded(name)) || isSecretParameter(name))
    .flatMap(([, value]) => [value, decoded(value)]);
  if (!carriesCredentials) return given;
  const fixed = Object.entries(headers.fixed)
    .filter(([name]) => isSecretHeader(name))
    .flatMap(([, value]) => readingsOf(value));
  const inPath = target.path.split("/").filter((part) => !label.split("/").includes(part));
  return [...given, ...fixed, ...inPath, ...inPath.map(decoded)];
}

/** A header's value, without its scheme, and what stands in Basic credentials. */
function readingsOf(value: string): string[] {
  const [user, password] = basicCredentials(value) ?? [];
  const plain = [value.trim().replace(/^\w+ +/, ""), withoutScheme(value)];
  return user === undefined ? plain : [...plain, `${user}:${password}`, user, password ?? ""];
}

function decoded(text: string): string {
  return new URLSearchParams(`v=${text}`).get("v") ?? text;
}

/** What is shorter stands in many texts by chance. */
function isLong(secret: string): boolean {
  return secret.length >= 12;
}

/** Which format reads a route's replies, and what its usage costs. */
function meteringBy(
  usual: Prices,
  models: ModelPrices,
): (settings: MeteringSettings) => Metering | null {
  return (settings) => {
    const { provider, origin, usage, prices } = settings;
    const format = usage === null ? formatOf(provider, origin) : customFormat(usage, provider);
    if (format === null) return null;
    const own = prices === null ? usual : createPrices({ route: prices, models });
    return { settings, format, prices: own };
  };
}

/** Of a master key that has a fault nothing more is said. */
function hasWrongMasterKey({ findings }: LoadedConfig): boolean {
  return findings.some((one) => isFault(one) && one.path[1] === "master_key");
}

function rulesOf(
  general: GeneralSettings,
  places: Pick<GatewayRules, "routes" | "rootPath" | "addresses">,
  known: { readonly masterKey: KeySecret | null; readonly keys: Keys },
): GatewayRules {
  const keyHeader = general.litellm_key_header_name?.toLowerCase() ?? null;
  return {
    ...places,
    keys: { ...known, keyHeader },
    scrub: { ...known, keyHeader, userAgent: `tollgate/${version}` },
    callIdInErrors: general.include_call_id_in_error_body === true,
  };
}
