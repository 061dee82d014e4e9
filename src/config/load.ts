import { readYaml } from "./document.ts";
import { findEmptyKeys } from "./empty-keys.ts";
import {
  type Finding,
  fault,
  firstFaults,
  formatFinding,
  type KeyPath,
  type Place,
} from "./findings.ts";
import { normalise } from "./normalise.ts";
import { notYetServed } from "./not-yet.ts";
import { resolveAll } from "./references.ts";
import { Config } from "./schema.ts";
import { schemaFaults } from "./schema-faults.ts";
import type { Env, SecretSource } from "./secrets.ts";
import { type SoundPart, soundPart } from "./sound-part.ts";
import { formatStored, storedIdOf } from "./stored-endpoints.ts";
import { findUnknownKeys } from "./unknown-keys.ts";
import { endpointsThatAreOff, withOwnVariables } from "./variables.ts";
import { isRecord } from "./walk.ts";

/** A config that was read, with all that there is to say about it. Where a finding is a fault, it is not to be served. */
export interface LoadedConfig extends SoundPart {
  readonly file: string;
  /** The plain value as it stands in the file, references and all, for reports. */
  readonly raw: unknown;
  readonly findings: readonly Finding[];
  /** Values that came from a reference, as `keyOf` names them. */
  readonly secretKeys: ReadonlySet<string>;
  /** The environment with `environment_variables` over it. */
  readonly env: Env;
  locate(path: KeyPath): Place;
  /** In the order of the file, and of several faults on one key only the first. */
  inOrder(findings: readonly Finding[]): Finding[];
  /** One line for people, with file, line and column. */
  describe(finding: Finding): string;
}

/** Text → YAML → references → checked values. Never throws: every fault is a finding, all of them at once. */
export function loadConfig(text: string, file: string, source: SecretSource): LoadedConfig {
  const document = readYaml(text);
  const raw = normalise(document.value, Config, document.plain);
  const variables = withOwnVariables(raw, source.env);
  const off = endpointsThatAreOff(raw, variables.env);
  const isOff = ([, list, index]: KeyPath) =>
    list === "pass_through_endpoints" && typeof index === "number" && off.has(index);
  const { value, findings, secretKeys, unresolvedKeys } = resolveAll(raw, variables, isOff);
  const inOrder = (some: readonly Finding[]) => {
    const placed = firstFaults(some).map((finding) => ({ finding, ...document.locate(finding) }));
    placed.sort((a, b) => a.line - b.line || a.column - b.column);
    return placed.map(({ finding }) => finding);
  };
  const all = [
    ...document.findings,
    ...(isRecord(raw) ? schemaFaults(value, unresolvedKeys) : [noMap()]),
    ...findings,
    ...variables.findings,
    ...findEmptyKeys(document.value),
    ...notYetServed(value),
    ...findUnknownKeys(value),
  ];
  return {
    file,
    raw,
    findings: inOrder(all),
    secretKeys,
    env: variables.env,
    ...soundPart(value, raw, off),
    locate: (path) => document.locate({ path }),
    inOrder,
    describe: (finding) => {
      const id = storedIdOf(finding);
      if (id !== null) return formatStored(finding, id);
      return formatFinding(finding, file, document.locate(finding));
    },
  };
}

function noMap(): Finding {
  return fault([], "a config is a map of settings", "Begin with general_settings:");
}
