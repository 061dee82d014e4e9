import { after } from "../core/duration.ts";
import type { Retention } from "../core/ledger-store.ts";
import type { Limits } from "../core/limits.ts";
import { type NanoUsd, nanoOfUsd } from "../core/money.ts";
import { compileDatabase } from "./compile-database.ts";
import { compileDuration, compileLimits } from "./compile-limits.ts";
import { checkLogDefaults, logDefaults } from "./compile-log.ts";
import { compileMetrics, type MetricsListen } from "./compile-metrics.ts";
import { type Finding, fault } from "./findings.ts";
import type { GeneralSettings } from "./general-schema.ts";
import type { SoundPart } from "./sound-part.ts";

/** What is held for calls: of unknown cost, and the bounds of what is estimated. */
export interface Holds {
  readonly defaultNanoUsd: NanoUsd;
  readonly minNanoUsd: NanoUsd;
  readonly maxNanoUsd: NanoUsd;
}

/** The log of bodies, whichever endpoints use it. */
export interface BodyLogSettings {
  /** Of each body so many bytes are kept, where its endpoint says nothing else. */
  readonly maxBytes: number;
  readonly retention: Retention;
}

/** Settings about money, records and browsers, as values. */
export interface CompiledSettings {
  /** Limits of all calls together. */
  readonly everybody: Limits;
  readonly holds: Holds;
  readonly retention: Retention;
  /** Of logged bodies: what may go of them. */
  readonly bodyLog: BodyLogSettings;
  /** Rows go into the ledger; spend is added up in any case. */
  readonly keepRows: boolean;
  /** Budgets do not hold calls back while the ledger cannot be written. */
  readonly allowsUnrecorded: boolean;
  /** When the journal is on the disk: within 100 ms, or before the turn's calls are sent. */
  readonly ledgerSync: "interval" | "turn";
  /** The database of keys, relative to the data directory; null is the usual one. */
  readonly databaseFile: string | null;
  /** Streams' usage tells the cost too. */
  readonly tellsCostInStreams: boolean;
  /** A listener of its own for the metrics, without a key; null is none. */
  readonly metricsListen: MetricsListen | null;
  /** As browsers send them; `*` among them is all. */
  readonly corsOrigins: ReadonlySet<string>;
}

/** `general_settings` and `litellm_settings`, besides the routes and who may call. */
export function compileSettings({ general, litellm }: Pick<SoundPart, "general" | "litellm">): {
  readonly settings: CompiledSettings;
  readonly findings: readonly Finding[];
} {
  const everybody = compileLimits(litellm, ["litellm_settings"]);
  const holds = compileHolds(general);
  const retention = compileRetention(general);
  const database = compileDatabase(general.database_url, ["general_settings", "database_url"]);
  const cors = compileOrigins(general.cors_origins ?? []);
  const log = logDefaults(general, litellm);
  const bodies = compileBodyRetention(general, retention.retention);
  const metrics = compileMetrics(general.metrics_listen, ["general_settings", "metrics_listen"]);
  const logged = { findings: checkLogDefaults(log) };
  return {
    settings: {
      everybody: everybody.limits,
      holds: holds.holds,
      retention: retention.retention,
      bodyLog: { maxBytes: log.maxBytes, retention: bodies.retention },
      tellsCostInStreams: litellm.include_cost_in_streaming_usage === true,
      metricsListen: metrics.listen,
      keepRows: general.disable_spend_logs !== true,
      allowsUnrecorded: general.allow_requests_on_db_unavailable === true,
      ledgerSync: general.ledger_sync === "turn" ? "turn" : "interval",
      databaseFile: database.file,
      corsOrigins: cors.origins,
    },
    findings: [everybody, holds, retention, bodies, database, cors, metrics, logged].flatMap(
      (part) => part.findings,
    ),
  };
}

function compileHolds(general: GeneralSettings): { holds: Holds; findings: Finding[] } {
  const holds = {
    minNanoUsd: nanoOfUsd(general.min_hold ?? 0.000001),
    defaultNanoUsd: nanoOfUsd(general.default_hold ?? 0.01),
    maxNanoUsd: nanoOfUsd(general.max_hold ?? 10),
  };
  const order = "Let min_hold be the least of the holds (0.000001) and max_hold the most (10).";
  const findings: Finding[] = [];
  if (holds.minNanoUsd > holds.defaultNanoUsd) {
    const key = general.min_hold === undefined ? "default_hold" : "min_hold";
    findings.push(fault(["general_settings", key], "min_hold is above default_hold", order));
  }
  if (holds.defaultNanoUsd > holds.maxNanoUsd) {
    const key = general.max_hold === undefined ? "default_hold" : "max_hold";
    findings.push(fault(["general_settings", key], "max_hold is below default_hold", order));
  }
  return { holds, findings };
}

function compileRetention(general: GeneralSettings) {
  const key = "maximum_spend_logs_retention_period";
  const { duration, findings } = compileDuration(general[key], ["general_settings", key]);
  const size = general.maximum_spend_logs_size_mb;
  const retention: Retention = {
    maxAgeMs: duration === null ? null : after(duration, 0), // from January 1970 on: a month has 31 days
    maxBytes: size === undefined ? null : Math.round(size * 1024 * 1024),
  };
  return { retention, findings };
}

const longestMs = 30 * 86_400_000;
const largestMb = 4096;

/** Bodies never outlive the rows that they belong to. */
function compileBodyRetention(general: GeneralSettings, rows: Retention) {
  const key = "log_retention_period";
  const { duration, findings } = compileDuration(general[key], ["general_settings", key]);
  const own = duration === null ? (rows.maxAgeMs ?? longestMs) : after(duration, 0);
  const retention: Retention = {
    maxAgeMs: Math.min(own, rows.maxAgeMs ?? own),
    maxBytes: Math.round((general.log_max_size_mb ?? largestMb) * 1024 * 1024),
  };
  return { retention, findings };
}

/** In the form that a browser sends: in lower case, without the port that goes without saying. */
function compileOrigins(written: readonly string[]) {
  const findings: Finding[] = [];
  const origins = new Set<string>();
  written.forEach((origin, index) => {
    if (origin === "*" || URL.canParse(origin)) {
      origins.add(origin === "*" ? origin : new URL(origin).origin);
    } else {
      const path = ["general_settings", "cors_origins", index];
      findings.push(fault(path, "this is not an origin", "Write https://app.example, say."));
    }
  });
  return { origins, findings };
}
