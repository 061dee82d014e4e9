import { accessSync, constants, statSync } from "node:fs";
import { join } from "node:path";
import { isatty } from "node:tty";
import { compileSettings, type CompiledSettings } from "../config/compile-settings.ts";
import { isFault, type KeyPath } from "../config/findings.ts";
import { loadConfig } from "../config/load.ts";
import { readText } from "../config/source.ts";
import { ControlError, type ControlReply, controlReply, question } from "../control.ts";
import { keysFetch } from "../control-api.ts";
import { StoreError } from "../core/store-error.ts";
import { causeText } from "../logging/cause-text.ts";
import { createLog, type Log } from "../logging/log.ts";
import { claimDataDirectory, ownerOf, releaseDataDirectory } from "../process/data-directory.ts";
import { StartError } from "../process/start-error.ts";
import { offlineEndpoints, type OfflineEndpoints } from "../offline-endpoints.ts";
import { openServices, type Services } from "../services.ts";
import type { Settings } from "./settings.ts";

/** The admin API of keys, in this process. */
export interface DirectAdmin {
  ask(method: string, path: string, body: unknown): Promise<ControlReply>;
  close(): Promise<void>;
}

/**
 * Takes a data directory that no gateway has, and opens its files. Throws a `StartError` where they cannot be used,
 * or the directory is somebody's by now.
 */
export function openDirectly(dataDirectory: string, settings: Settings): DirectAdmin {
  const compiled = settingsOf(settings);
  refuseForeign(dataDirectory, databaseOf(compiled));
  claim(dataDirectory);
  const log = createLog(2, { level: "warn", pretty: isatty(2) });
  const close = async (services: Services | null) => {
    await services?.close();
    releaseDataDirectory(dataDirectory);
    await log.flush(500);
  };
  try {
    const offline = offlineEndpoints(settings);
    const services = openStores(dataDirectory, { env: settings.env, compiled, offline }, log);
    const answer = keysFetch(services, offline, ({ cause, detail }) => {
      if (detail !== null) return; // whoever asked is told
      log.error("failed", { cause: causeText(cause) });
    });
    return {
      ask: async (method, path, body) => {
        const { url, init } = question(method, path, body);
        return controlReply(await answer(new Request(url, init)));
      },
      close: () => close(services),
    };
  } catch (error) {
    releaseDataDirectory(dataDirectory);
    throw error instanceof StoreError ? new StartError(error.message, 1) : error;
  }
}

/** Another command may have been first; it will be gone soon. */
function claim(dataDirectory: string): void {
  try {
    claimDataDirectory({ dataDirectory, port: 0, takeover: false });
  } catch (error) {
    if (!(error instanceof StartError) || ownerOf(dataDirectory) === null) throw error;
    throw new ControlError(error.message, true);
  }
}

interface DirectParts {
  readonly env: Settings["env"];
  readonly compiled: CompiledSettings;
  readonly offline: OfflineEndpoints;
}

function openStores(
  dataDirectory: string,
  { env, compiled, offline }: DirectParts,
  log: Log,
): Services {
  const { everybody, holds, retention, allowsUnrecorded, ledgerSync, keepRows } = compiled;
  const rules = { everybody, retention, ...holds, openWhenUnavailable: allowsUnrecorded };
  return openServices({
    dataDirectory,
    databaseFile: databaseOf(compiled),
    env,
    log,
    rules: () => rules,
    syncEveryTurn: ledgerSync === "turn",
    keepRows,
    handover: null,
    prepare: offline.prepare,
    masterKey: () => null,
  });
}

function databaseOf({ databaseFile }: CompiledSettings): string {
  return databaseFile ?? "tollgate.db";
}

const databaseUrl: KeyPath = ["general_settings", "database_url"];

/** The config says which file the keys are in. Faults in its other parts are for the gateway's start. */
function settingsOf({ source, env }: Settings): CompiledSettings {
  const read = readText(source);
  if ("fault" in read) throw new StartError(read.fault);
  const loaded = loadConfig(read.text, source.file, { env });
  const { settings, findings } = compileSettings(loaded);
  const faults = [...loaded.findings, ...findings].filter(
    (finding) => isFault(finding) && leadsTo(finding.path, databaseUrl),
  );
  if (faults.length > 0) throw new StartError(faults.map(loaded.describe).join("\n"));
  return settings;
}

/** Whether `path` is the other one, or above it. */
function leadsTo(path: KeyPath, other: KeyPath): boolean {
  return path.every((part, index) => part === other[index]);
}

/** Looked at before the directory is taken: what root writes there, that user's gateway could not open any more. */
function refuseForeign(dataDirectory: string, databaseFile: string): void {
  const file = join(dataDirectory, databaseFile);
  const uid = statSync(file, { throwIfNoEntry: false })?.uid;
  if (uid === undefined) return;
  const mayUse = process.geteuid?.() === 0 ? uid === 0 : isWritable(file);
  if (!mayUse) throw new StartError(foreign(dataDirectory, uid));
}

function isWritable(file: string): boolean {
  try {
    accessSync(file, constants.R_OK | constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/** Whose files they are, and how to get at them. */
export function foreign(dataDirectory: string, uid: number): string {
  return `The data directory ${dataDirectory} belongs to another user. Run this as that user: sudo -u '#${uid}' tollgate …`;
}
