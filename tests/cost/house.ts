import { config, masterKey } from "../gateway/wire.ts";
import { type Gateway, startGateway } from "../helpers/gateway.ts";
import { type RawUpstream, startRawUpstream } from "../helpers/raw-upstream.ts";

/** An upstream, and a gateway in front of it. */
export interface CostHouse extends AsyncDisposable {
  readonly upstream: RawUpstream;
  readonly gateway: Gateway;
  readonly port: number;
}

export interface CostHouseOptions {
  /** Further lines of `general_settings`. */
  readonly settings?: readonly string[];
  /** Further lines of config.yaml. */
  readonly yaml?: string;
}

/** Endpoints are insides of flow mappings; `UP` in them is the upstream's address. */
export function startCostHouse(
  endpoints: readonly string[],
  { settings = [], yaml = "" }: CostHouseOptions = {},
): Promise<CostHouse> {
  return startCostHouseOf(
    (url) =>
      config(
        endpoints.map((endpoint) => endpoint.replaceAll("UP", url)),
        `master_key: ${masterKey}`,
        ...settings,
      ) + yaml,
  );
}

/** The same from a whole config.yaml, which is told the upstream's address. */
export async function startCostHouseOf(
  yamlFor: (upstreamUrl: string) => string,
  env: Record<string, string> = {},
): Promise<CostHouse> {
  const upstream = await startRawUpstream();
  try {
    const gateway = await startGateway(yamlFor(upstream.url), { env });
    return {
      upstream,
      gateway,
      port: gateway.port,
      async [Symbol.asyncDispose]() {
        await gateway[Symbol.asyncDispose]();
        upstream[Symbol.dispose]();
      },
    };
  } catch (error) {
    upstream[Symbol.dispose]();
    throw error;
  }
}
