import { checkBudget } from "./config/check-budget.ts";
import { compileRoutes } from "./config/compile-routes.ts";
import type { CompiledSettings } from "./config/compile-settings.ts";
import { type Finding, isFault } from "./config/findings.ts";
import type { GeneralSettings } from "./config/general-schema.ts";
import type { LoadedConfig } from "./config/load.ts";
import type { OffEndpoint } from "./config/route-compiler.ts";
import type { ConfiguredEndpoint } from "./core/configured-endpoint.ts";
import type { StoredEndpoint } from "./core/endpoint-book.ts";
import { KeySecret } from "./core/key.ts";
import type { Keys } from "./core/key-record.ts";
import type { Prices } from "./core/pricing.ts";
import type { Reach, Route } from "./core/routes.ts";
import { foundationOf, type Surroundings } from "./foundation.ts";
import type { GatewayRules } from "./gateway/pipeline.ts";
import { routeSecrets } from "./route-secrets.ts";
import { version } from "./version.ts";

/** All that a reload replaces, swapped whole. */
export interface Runtime extends CompiledSettings {
  readonly rules: GatewayRules;
  /** `admin_hosts`, in lower case. */
  readonly adminHosts: ReadonlySet<string>;
  /** In clear text; null where there is none. */
  readonly masterKey: string | null;
  /** What no record may hold: the master key, and what routes send as secrets. */
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
  const base = foundationOf(loaded, surroundings);
  const { settings, prices, reach, rootPath, addresses, masterKey } = base;
  const { table, off, configured, findings } = compileRoutes(
    loaded,
    stored,
    changed,
    base.compiler,
  );
  const { budget } = settings.everybody;
  const all = loaded.inOrder([
    ...base.findings,
    ...checkBudget(budget, table.all, ["litellm_settings", "max_budget"], settings.holds),
    ...findings,
  ]);
  const report = { routes: table.all, off, configured, reach, findings: all };
  if (all.some(isFault)) return { runtime: null, ...report };
  const key = masterKey === "" ? null : new KeySecret(masterKey);
  const rules = rulesOf(
    loaded.general,
    { routes: table, rootPath, addresses },
    { masterKey: key, keys: surroundings.keys },
  );
  const fixed = {
    rules,
    adminHosts: new Set((loaded.general.admin_hosts ?? []).map((host) => host.toLowerCase())),
    masterKey: key === null ? null : masterKey,
    secrets: [...new Set([masterKey, ...table.all.flatMap(routeSecrets)].filter(isLong))],
    prices,
    off,
    configured,
    reach,
  };
  return { runtime: { ...settings, ...fixed }, ...report };
}

/** What is shorter stands in many texts by chance. */
function isLong(secret: string): boolean {
  return secret.length >= 12;
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
