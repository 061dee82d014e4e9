import { Elysia } from "elysia";
import type { BodyReader } from "./core/body-log.ts";
import type { GatewayError } from "./core/errors.ts";
import type { KeyBook } from "./core/key-book.ts";
import type { Limits } from "./core/limits.ts";
import type { Prices } from "./core/pricing.ts";
import type { SpendReader, Standings } from "./core/spend.ts";
import type { Entrance } from "./core/types.ts";
import type { GatewayDeps } from "./gateway/pipeline.ts";
import type { AdminDeps } from "./http/admin-auth.ts";
import { activity } from "./http/activity.ts";
import { audit } from "./http/audit.ts";
import { budgets } from "./http/budgets.ts";
import { configReport, type ConfigReport } from "./http/config-report.ts";
import { credentials } from "./http/credentials.ts";
import { documents } from "./http/documents.ts";
import { endpoints, type EndpointsDeps } from "./http/endpoints.ts";
import { errors } from "./http/errors.ts";
import type { FailedAttempts } from "./http/failed-attempts.ts";
import { health } from "./http/health.ts";
import { type KeyImport, keyImport } from "./http/key-import.ts";
import { keyIssuing } from "./http/key-issuing.ts";
import { keyReading } from "./http/key-reading.ts";
import { keys } from "./http/keys.ts";
import { logCost } from "./http/log-cost.ts";
import { metrics, type MetricsText } from "./http/metrics.ts";
import { type Operations, operations } from "./http/operations.ts";
import { page } from "./http/page.ts";
import { rotateKey } from "./http/rotate-key.ts";
import { routes } from "./http/routes.ts";
import type { Sessions } from "./http/session-book.ts";
import { sessions } from "./http/sessions.ts";
import { spend } from "./http/spend.ts";
import { spendCalculate } from "./http/spend-calculate.ts";
import { teamReading } from "./http/team-reading.ts";
import { teams } from "./http/teams.ts";
import { testCall } from "./http/test-call.ts";
import type { TesterDeps } from "./http/test-stream.ts";
import { parseKeyTable } from "./keys/import-table.ts";
import { formatNames, formatOf } from "./providers/index.ts";

export interface AppDeps {
  readonly gateway: GatewayDeps;
  readonly adminHosts: () => ReadonlySet<string>;
  /** `cors_origins`. */
  readonly corsOrigins: () => ReadonlySet<string>;
  readonly operations: Operations;
  readonly book: KeyBook;
  /** Limits of everybody together, by the config that holds. */
  readonly everybody: () => Limits;
  readonly endpoints: Omit<EndpointsDeps, "formatNames">;
  /** Null where no browser comes in. */
  readonly sessions: Sessions | null;
  /** Seals every secret under a new key; `actor` is who wants it. */
  readonly rotate: Parameters<typeof rotateKey>[1];
  readonly report: () => ConfigReport;
  readonly credentials: Parameters<typeof credentials>[1];
  readonly tester: TesterDeps;
  readonly ledger: Standings & Pick<AdminDeps, "adjust"> & Pick<KeyImport, "written">;
  readonly spend: SpendReader;
  readonly bodies: BodyReader;
  /** Of `model_list` and the catalogue, by the config that holds. */
  readonly prices: () => Prices;
  readonly metrics: MetricsText;
  /** Of all entrances together. */
  readonly failures: FailedAttempts;
  /** `SERVER_ROOT_PATH`, without its last slash. */
  readonly rootPath: string;
  /** Told of every failure of ours, with the id that the caller was given. */
  readonly failed: (error: GatewayError, id: string) => void;
}

/**
 * The composition root of the admin API: which plugins, in which order. It sees the paths of `adminPaths` and no
 * others: the data plane does without a framework, which would cost it two promises and a context per call.
 * `trusted`: who comes in here is an admin without a key, under this name; else null.
 */
export function createApp(deps: AppDeps, entrance: Entrance, trusted: string | null) {
  const { book, ledger, failures, adminHosts } = deps;
  const { rules } = deps.gateway;
  const admin: AdminDeps = {
    rules,
    adminHosts,
    entrance,
    book,
    standings: ledger,
    adjust: (scope, nanoUsd) => ledger.adjust(scope, nanoUsd),
    masterKey: () => rules().keys.masterKey,
    failures,
    sessions: deps.sessions,
    trusted,
  };
  const api = new Elysia({ prefix: deps.rootPath })
    .use(health)
    .use(routes(admin, deps.endpoints.configured))
    .use(activity(admin, deps.spend))
    .use(endpoints(admin, { ...deps.endpoints, formatNames }))
    .use(operations(admin, deps.operations))
    .use(configReport(admin, deps.report))
    .use(credentials(admin, deps.credentials))
    .use(budgets(admin, { reader: deps.spend, everybody: deps.everybody }))
    .use(rotateKey(admin, deps.rotate))
    .use(metrics(admin, deps.metrics))
    .use(keyIssuing(admin))
    .use(keys(admin))
    .use(keyReading(admin))
    .use(keyImport(admin, importInto(ledger)))
    .use(teams(admin))
    .use(teamReading(admin))
    .use(spend(admin, deps.spend, deps.bodies))
    .use(spendCalculate(admin, { prices: deps.prices, format: formatOf(null, "") }))
    .use(logCost(admin, deps.spend, deps.prices))
    .use(audit(admin))
    .use(sessions(admin, deps.rootPath))
    .use(testCall(admin, deps.tester));
  return new Elysia({ strictPath: true })
    .use(errors(deps.failed))
    .use(api)
    .use(documents(admin, () => api.routes))
    .use(page(admin, async () => (await import("./page-files.ts")).openPageFiles(), deps.rootPath));
}

/** What `POST /key/import` needs of a ledger. */
export function importInto(ledger: Pick<AppDeps["ledger"], "written">): KeyImport {
  return {
    parse: parseKeyTable,
    written: () => ledger.written(),
  };
}
