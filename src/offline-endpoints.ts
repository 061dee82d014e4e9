import { checkTarget } from "./check-target.ts";
import type { Settings } from "./cli/settings.ts";
import { type Finding, isFault } from "./config/findings.ts";
import { loadConfig, type LoadedConfig } from "./config/load.ts";
import { readText } from "./config/source.ts";
import { storedIdOf, toldFault } from "./config/stored-endpoints.ts";
import type { EndpointBook, PrepareEndpoints, StoredEndpoint } from "./core/endpoint-book.ts";
import { GatewayError } from "./core/errors.ts";
import type { EndpointsDeps } from "./http/endpoints.ts";
import { hostnames } from "./listeners.ts";
import { buildRuntime } from "./runtime.ts";

/** Endpoints where no gateway runs: checked against the config, and put in force by the next start. */
export interface OfflineEndpoints {
  /** Refuses for faults of the changed endpoint alone: others may be what is being mended. */
  readonly prepare: PrepareEndpoints;
  deps(book: EndpointBook): Omit<EndpointsDeps, "formatNames">;
}

/** The config is not read before it is asked for. */
export function offlineEndpoints({ source, env, host, port }: Settings): OfflineEndpoints {
  const surroundings = {
    env,
    addresses: hostnames(host),
    port,
    sampleUrl: () => "http://127.0.0.1:0",
    keys: { find: () => null, team: () => null },
  };
  let known: LoadedConfig | null = null;
  const loaded = () => {
    const read = readText(source);
    known ??= loadConfig("text" in read ? read.text : "", source.file, { env });
    return known;
  };
  const build = (stored: readonly StoredEndpoint[], changed: string | null = null) =>
    buildRuntime(loaded(), surroundings, stored, changed);
  return {
    prepare: (next, changed) => {
      const isAbout = (finding: Finding) => isFault(finding) && storedIdOf(finding) === changed;
      const faults = build(next, changed).findings.filter(isAbout);
      if (faults.length === 0) return () => {};
      const told = faults.map(toldFault);
      throw new GatewayError("request_invalid", { detail: told.join(" "), faults: told });
    },
    deps: (endpoints) => ({
      endpoints,
      configured: () => build([]).configured,
      checkTarget: (target) => checkTarget(target, build([]).reach),
    }),
  };
}
