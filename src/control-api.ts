import { Elysia } from "elysia";
import { type AppDeps, createApp, importInto } from "./app.ts";
import { masterKeyHeader } from "./control.ts";
import type { GatewayError } from "./core/errors.ts";
import type { Entrance } from "./core/types.ts";
import type { AdminDeps } from "./http/admin-auth.ts";
import { endpoints } from "./http/endpoints.ts";
import { errors } from "./http/errors.ts";
import { createFailedAttempts } from "./http/failed-attempts.ts";
import { keyImport } from "./http/key-import.ts";
import { keyIssuing } from "./http/key-issuing.ts";
import { keyReading } from "./http/key-reading.ts";
import { keys } from "./http/keys.ts";
import { rotateKey } from "./http/rotate-key.ts";
import { spendLogs } from "./http/spend-logs.ts";
import type { OfflineEndpoints } from "./offline-endpoints.ts";
import { formatNames } from "./providers/index.ts";
import type { Services } from "./services.ts";

/** Who asks through the socket, in the audit log. */
const actor = "command line";

/** Nobody's address stands behind a unix socket: who can open it is this machine's owner of the data directory. */
const socketEntrance: Entrance = {
  addressOf: () => "",
  onLoopback: true,
  isTls: false,
  hold: () => {},
  release: () => {},
};

/** Answers what comes over the control socket: the admin API, without a key and at its own paths. */
export function controlFetch(deps: AppDeps): (request: Request) => Promise<Response> {
  const app = createApp({ ...deps, sessions: null, rootPath: "" }, socketEntrance, actor);
  return async (request) => {
    const response = await app.fetch(request);
    const { masterKey } = deps.gateway.rules().keys;
    response.headers.set(masterKeyHeader, masterKey === null ? "none" : "set");
    return response;
  };
}

/** The part of the admin API that needs no gateway, keys and endpoints, for whoever has the data directory's files open. */
export function keysFetch(
  { keys: book, endpoints: endpointBook, rotate, ledger, spend }: Services,
  offline: OfflineEndpoints,
  failed: (error: GatewayError) => void,
): (request: Request) => Promise<Response> {
  const admin: AdminDeps = {
    rules: () => {
      throw new Error("the rules of a gateway, where none runs");
    },
    adminHosts: () => new Set(),
    entrance: socketEntrance,
    book,
    standings: ledger,
    adjust: (scope, nanoUsd) => ledger.adjust(scope, nanoUsd),
    masterKey: () => null, // no config says which it is
    failures: createFailedAttempts(),
    sessions: null,
    trusted: actor,
  };
  const app = new Elysia({ strictPath: true })
    .use(errors(failed))
    .use(keyIssuing(admin))
    .use(keyReading(admin))
    .use(keys(admin))
    .use(keyImport(admin, importInto(ledger)))
    .use(endpoints(admin, { ...offline.deps(endpointBook), formatNames }))
    .use(rotateKey(admin, rotate))
    .use(spendLogs(admin, spend));
  return async (request) => await app.fetch(request);
}
