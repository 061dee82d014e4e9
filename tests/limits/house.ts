import { type Gateway, type GatewayOptions, startGateway } from "../helpers/gateway.ts";
import type { MadeKey } from "../helpers/keys.ts";
import {
  type RawUpstream,
  type RawUpstreamOptions,
  startRawUpstream,
} from "../helpers/raw-upstream.ts";
import { config, get, masterKey, post } from "../gateway/wire.ts";

/** An upstream, and a gateway in front of it. */
export interface House extends AsyncDisposable {
  readonly upstream: RawUpstream;
  readonly gateway: Gateway;
  readonly port: number;
  /** Paths of the requests that went up, sub-paths of the target's. */
  hits(path?: string): number;
}

export interface HouseOptions {
  readonly upstream?: RawUpstreamOptions;
  readonly gateway?: GatewayOptions;
  /** Further lines of config.yaml. */
  readonly yaml?: string;
}

/** Endpoints are insides of flow mappings; `UP` in them is the upstream's address. */
export async function startHouse(
  endpoints: readonly string[],
  options: HouseOptions = {},
): Promise<House> {
  const upstream = await startRawUpstream(options.upstream);
  const yaml = yamlOf(endpoints, upstream, options.yaml);
  try {
    const gateway = await startGateway(yaml, options.gateway);
    return {
      upstream,
      gateway,
      port: gateway.port,
      hits: (path) => upstream.requests.filter(({ target }) => isAt(target, path)).length,
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

/** The config.yaml of a house, for a gateway that is started anew. */
export function yamlOf(endpoints: readonly string[], upstream: RawUpstream, more = ""): string {
  const entries = endpoints.map((endpoint) => endpoint.replaceAll("UP", upstream.url));
  return config(entries, `master_key: ${masterKey}`) + more;
}

function isAt(target: string, path: string | undefined): boolean {
  return path === undefined || target.replace(/\?.*/s, "") === path;
}

/** A GET with a key. */
export function getWith({ key }: MadeKey, target: string, ...lines: readonly string[]): Buffer {
  return get(target, `x-api-key: ${key}`, ...lines);
}

/** A POST of JSON with a key. */
export function postWith({ key }: MadeKey, target: string, body: unknown): Buffer {
  const json = "Content-Type: application/json";
  return post(target, JSON.stringify(body), `x-api-key: ${key}`, json);
}
