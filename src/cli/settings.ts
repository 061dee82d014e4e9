import { existsSync, readFileSync } from "node:fs";
import { parseEnv } from "node:util";
import sample from "../../config.yaml" with { type: "text" };
import { builtInSource, type ConfigSource, fileSource } from "../config/source.ts";
import { isLevel, type Level } from "../logging/log.ts";
import type { TlsFiles } from "../server.ts";
import { ownEnvironment } from "../process/environment.ts";
import { UsageError } from "./options.ts";

type Values = ReadonlyMap<string, string>;

/** What a command line says about a gateway, checked. Each function throws a `UsageError`. */
export interface Settings {
  readonly source: ConfigSource;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly host: string;
  readonly port: number;
}

export function readSettings(values: Values): Settings {
  return {
    source: configSource(values.get("config")),
    env: environment(values.get("env-file")),
    host: values.get("host") ?? "localhost",
    port: port(values.get("port")),
  };
}

/** Where none is named and none is there, the sample inside the program. */
function configSource(file: string | undefined): ConfigSource {
  if (file !== undefined) return fileSource(file);
  return existsSync("config.yaml") ? fileSource("config.yaml") : builtInSource(String(sample));
}

/** The environment wins over the file. */
function environment(file: string | undefined): Settings["env"] {
  const own = ownEnvironment();
  if (file === undefined) return own;
  try {
    return { ...parseEnv(readFileSync(file, "utf8")), ...own };
  } catch {
    throw new UsageError(`--env-file ${file} cannot be read.`);
  }
}

function port(text: string | undefined): number {
  const number = Number(text ?? "4000");
  if (/^\d{1,5}$/.test(text ?? "4000") && number <= 65_535) return number;
  throw new UsageError("--port is a number from 0 to 65535.");
}

export function logLevel(values: Values): Level {
  if (values.has("detailed_debug")) return "debug";
  const level = values.get("log-level") ?? "info";
  if (isLevel(level)) return level;
  throw new UsageError("--log-level is one of debug, info, warn, error.");
}

export function tlsFiles(values: Values): TlsFiles | null {
  const [cert, key] = [values.get("tls-cert"), values.get("tls-key")];
  if (cert === undefined && key === undefined) return null;
  if (cert === undefined || key === undefined) {
    throw new UsageError("--tls-cert and --tls-key go together.");
  }
  for (const file of [cert, key]) {
    if (!existsSync(file)) throw new UsageError(`${file} cannot be read.`);
  }
  return { cert, key };
}

export function dataDirectory(values: Values, env: Settings["env"]): string {
  return values.get("data-dir") ?? env["STATE_DIRECTORY"]?.split(":")[0] ?? "./data";
}
