import { addressList } from "./config/address-list.ts";
import { compileModels } from "./config/compile-models.ts";
import { compileReach } from "./config/compile-reach.ts";
import { type CompiledSettings, compileSettings } from "./config/compile-settings.ts";
import { type Finding, isFault } from "./config/findings.ts";
import { generalFindings } from "./config/general-findings.ts";
import type { LoadedConfig } from "./config/load.ts";
import { masterKeyOf } from "./config/master-key.ts";
import { rootPathFindings, serverRootPath } from "./config/root-path.ts";
import { type RouteCompiler, routeCompiler } from "./config/route-compiler.ts";
import type { Keys } from "./core/key-record.ts";
import type { MeteringSettings } from "./core/metering-settings.ts";
import type { Prices } from "./core/pricing.ts";
import type { Metering, Reach } from "./core/routes.ts";
import type { GatewayRules } from "./gateway/pipeline.ts";
import { takenPaths } from "./http/admin-paths.ts";
import { type ModelPrices, modelPricesOf } from "./pricing/model-prices.ts";
import { createPrices } from "./pricing/prices.ts";
import { customFormat } from "./providers/custom.ts";
import { formatNames, formatOf } from "./providers/index.ts";

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

/** All of a config that no endpoint made through the API makes another. */
export interface Foundation {
  readonly rootPath: string;
  /** In clear text; empty where there is none. */
  readonly masterKey: string;
  readonly addresses: GatewayRules["addresses"];
  readonly settings: CompiledSettings;
  /** Those of `model_list`, and the catalogue's. */
  readonly prices: Prices;
  readonly reach: Reach;
  readonly compiler: RouteCompiler;
  readonly findings: readonly Finding[];
}

interface Laid {
  readonly surroundings: Surroundings;
  readonly port: number;
  readonly foundation: Foundation;
}

const laid = new WeakMap<LoadedConfig, Laid>();

/** Once for each config that was read: files that it names are not read again, and routes are compiled once. */
export function foundationOf(loaded: LoadedConfig, surroundings: Surroundings): Foundation {
  const { port } = surroundings;
  const known = laid.get(loaded);
  if (known?.surroundings === surroundings && known.port === port) return known.foundation;
  const foundation = layFoundation(loaded, surroundings);
  laid.set(loaded, { surroundings, port, foundation });
  return foundation;
}

function layFoundation(loaded: LoadedConfig, surroundings: Surroundings): Foundation {
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
  const reach = compileReach(general.allow_private_targets, surroundings);
  const metering = meteringBy(prices, listed.prices);
  const compiler = routeCompiler(
    loaded,
    { sampleUrl, rootPath, formats: formatNames, metering, reach: reach.reach },
    {
      listener: surroundings,
      hasMasterKey: masterKey.key !== "" || hasWrongMasterKey(loaded),
      adminPaths: takenPaths(rootPath),
      holds: settings.holds,
    },
  );
  return {
    rootPath,
    masterKey: masterKey.key,
    addresses: { allowed: allowed.list, proxies: proxies.list },
    settings,
    prices,
    reach: reach.reach,
    compiler,
    findings: [
      ...loaded.findings,
      ...rootPathFindings(env),
      ...generalFindings(loaded),
      ...[masterKey, allowed, proxies, reach].flatMap(({ findings }) => findings),
      ...settingFindings,
      ...models.findings,
      ...listed.findings.map(({ entry, key, message }) => models.wrongPrice(entry, key, message)),
    ],
  };
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
