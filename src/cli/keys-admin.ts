import { accessSync, constants, existsSync, statSync } from "node:fs";
import { Type } from "@sinclair/typebox";
import { Value } from "@sinclair/typebox/value";
import { askControl, ControlError, type ControlReply } from "../control.ts";
import { ownerOf } from "../process/data-directory.ts";
import { StartError } from "../process/start-error.ts";
import { type DirectAdmin, foreign, openDirectly } from "./keys-direct.ts";
import { configFlag, envFileFlag } from "./command.ts";
import { type Flag, UsageError } from "./options.ts";
import { dataDirectory, readSettings } from "./settings.ts";

/** Which gateway's keys. */
export const placeFlags: readonly Flag[] = [
  { name: "data-dir", value: "dir", about: "What it keeps ($STATE_DIRECTORY, else ./data)." },
  configFlag,
  envFileFlag,
];

/** The admin API, wherever it is answered. */
export interface KeysAdmin {
  ask(method: string, path: string, body?: unknown): Promise<ControlReply>;
}

/** How long another process that has the directory may take to answer, or to go: it may just be starting. */
const patienceMs = 5_000;

const ErrorBody = Type.Object({ error: Type.Object({ message: Type.String() }) });

/**
 * Runs `use` with the admin API of the data directory that a command line names: the running gateway's, or, where
 * none runs, one in this process. `mayBeNew`: a directory that is not there is made.
 */
export async function withKeysAdmin(
  values: ReadonlyMap<string, string>,
  { mayBeNew }: { readonly mayBeNew: boolean },
  use: (admin: KeysAdmin) => Promise<number>,
): Promise<number> {
  const settings = readSettings(values);
  const directory = dataDirectory(values, settings.env);
  checkDirectory(directory, mayBeNew);
  const own: { direct: DirectAdmin | null } = { direct: null };
  const askNow: KeysAdmin["ask"] = async (method, path, body = null) => {
    if (own.direct === null && ownerOf(directory) === null) {
      own.direct = openDirectly(directory, settings);
    }
    if (own.direct !== null) return await own.direct.ask(method, path, body);
    return await askControl(directory, method, path, body);
  };
  const ask: KeysAdmin["ask"] = async (...question) => {
    for (const until = Date.now() + patienceMs; ; await Bun.sleep(50)) {
      try {
        return await askNow(...question);
      } catch (error) {
        if (!(error instanceof ControlError && error.absent)) throw error;
        if (Date.now() > until) throw silentOwner(directory, error);
      }
    }
  };
  try {
    return await use({ ask });
  } finally {
    await own.direct?.close();
  }
}

/** What a reply holds. Throws the gateway's own words where it refused: 2 for what was asked, 1 for its state. */
export function checked({ status, body }: ControlReply): unknown {
  if (status >= 200 && status < 300) return body;
  const message = Value.Check(ErrorBody, body) ? body.error.message : `It answered ${status}.`;
  throw new StartError(message, status < 500 ? 2 : 1);
}

/** A reply that another version may have sent. */
export function unexpected(path: string): StartError {
  return new StartError(
    `${path} was answered in a form that is not known here: is the gateway that runs another version?`,
    1,
  );
}

function checkDirectory(directory: string, mayBeNew: boolean): void {
  if (!existsSync(directory)) {
    if (mayBeNew) return;
    throw new UsageError(`There is no data directory ${directory}: name it with --data-dir.`);
  }
  try {
    accessSync(directory, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch {
    throw new StartError(foreign(directory, statSync(directory).uid));
  }
}

function silentOwner(directory: string, { message }: ControlError): ControlError {
  const pid = ownerOf(directory)?.pid;
  const owner = pid === undefined ? "" : ` Process ${pid} has the data directory ${directory}.`;
  return new ControlError(`${message}${owner} Its log says why; or restart it.`, true);
}
