import type { KeyChanges } from "../core/key-book.ts";
import type { KeyTable, TableFault, TableRow } from "../core/key-table.ts";
import type { Limits, ModelLimits } from "../core/limits.ts";
import type { NanoUsd } from "../core/money.ts";
import { parseDuration } from "../core/duration.ts";
import * as values from "./table-values.ts";

/** A row's values by column: JSON, or text of a CSV file. */
export type Cells = ReadonlyMap<string, unknown>;

/** Columns that can hold something, and mean nothing here. */
const unusedColumns = [
  "access_group_ids",
  "agent_id",
  "aliases",
  "allowed_cache_controls",
  "auto_rotate",
  "budget_id",
  "budget_limits",
  "config",
  "object_permission_id",
  "organization_id",
  "permissions",
  "policies",
  "project_id",
  "router_settings",
];

/** What LiteLLM keeps in the metadata, and we beside it. */
const outOfMetadata = [
  "allowed_passthrough_routes",
  "model_rpm_limit",
  "model_tpm_limit",
  "tags",
] as const;

/** More tell nobody more. */
const mostFaults = 100;

/** The team of LiteLLM's own page: its log-ins stand in the table as keys. */
const sessionTeam = "litellm-dashboard";

/** Turns rows into keys, and collects what is wrong with them. */
export class TableReader {
  readonly #rows: TableRow[] = [];
  readonly #faults: TableFault[] = [];
  readonly #unused = new Map<string, number>();
  readonly #lines = { token: new Map<string, number>(), key_alias: new Map<string, number>() };
  #sessions = 0;
  #faultCount = 0;

  result(): KeyTable {
    return {
      rows: this.#rows,
      faults: this.#faults,
      moreFaults: this.#faultCount - this.#faults.length,
      unused: this.#unused,
      sessions: this.#sessions,
    };
  }

  fault(line: number, column: string | null, problem: string): void {
    this.#faultCount += 1;
    if (this.#faultCount <= mostFaults) this.#faults.push({ line, column, problem });
  }

  add(line: number, cells: Cells): void {
    if (cells.get("team_id") === sessionTeam) {
      this.#sessions += 1;
      return;
    }
    const faults = this.#faultCount;
    const row = this.#row(line, cells);
    if (this.#faultCount > faults) return;
    this.#rows.push(row);
    for (const column of unusedColumns) {
      if (!isEmpty(cells.get(column))) {
        this.#unused.set(column, (this.#unused.get(column) ?? 0) + 1);
      }
    }
  }

  #row(line: number, cells: Cells): TableRow {
    const read: Read = (column, parse, from = cells) => {
      const value = from.get(column);
      if (value === undefined || value === null || value === "") return null;
      try {
        return parse(value);
      } catch (error) {
        if (!(error instanceof values.Senseless)) throw error;
        this.fault(line, column, error.message);
        return null;
      }
    };
    const sha256 = read("token", digestOf);
    if (sha256 === null && isEmpty(cells.get("token"))) this.fault(line, "token", "is empty");
    const alias = read("key_alias", values.textOf);
    this.#once("token", sha256, line);
    this.#once("key_alias", alias, line);
    const imported = {
      sha256: sha256 ?? "",
      name: read("key_name", nameOf) ?? "sk-...",
      createdAt: read("created_at", values.timeOf) ?? Date.now(),
      changes: changesOf(read, alias),
    };
    return { line, imported, spentNanoUsd: read("spend", values.moneyOf) ?? 0 };
  }

  #once(column: "token" | "key_alias", value: string | null, line: number): void {
    if (value === null) return;
    const lines = this.#lines[column];
    const before = lines.get(value);
    if (before !== undefined) this.fault(line, column, `is the same as on line ${before}`);
    else lines.set(value, line);
  }
}

/** Reads one column of a row, or of another map; null where it is empty, or made no sense. */
type Read = <T>(column: string, parse: (value: unknown) => T, from?: Cells) => T | null;

function changesOf(read: Read, alias: string | null): KeyChanges {
  const metadata: Cells = read("metadata", values.objectOf) ?? new Map();
  const inside =
    (column: (typeof outOfMetadata)[number]) =>
    <T>(parse: (value: unknown) => T) =>
      read(column, parse) ?? read(column, parse, metadata);
  const kept = [...metadata].filter(([name]) => !outOfMetadata.some((other) => other === name));
  return {
    alias,
    teamId: read("team_id", values.teamIdOf),
    userId: read("user_id", values.textOf),
    expiresAt: read("expires", values.timeOf),
    blocked: read("blocked", values.flagOf) ?? false,
    limits: limitsOf(read),
    budgetDuration: read("budget_duration", values.durationOf),
    softBudgetNanoUsd: read("soft_budget", values.limitOf),
    modelLimits: modelLimitsOf(
      inside("model_rpm_limit")(values.countsOf),
      inside("model_tpm_limit")(values.countsOf),
      read("model_max_budget", values.budgetsOf),
    ),
    models: modelsOf(read("models", values.listOf) ?? []),
    allowedRoutes: read("allowed_routes", routesOf) ?? [],
    allowedPassThroughRoutes: inside("allowed_passthrough_routes")(pathsOf) ?? [],
    tags: inside("tags")(values.listOf) ?? [],
    metadata: JSON.stringify(Object.fromEntries(kept)),
  };
}

function limitsOf(read: Read): Limits {
  const max: NanoUsd | null = read("max_budget", values.limitOf);
  const duration = parseDuration(
    read("budget_duration", (value) => (typeof value === "string" ? value : null)) ?? "",
  );
  return {
    rpm: read("rpm_limit", values.countOf),
    tpm: read("tpm_limit", values.countOf),
    parallel: read("max_parallel_requests", values.countOf),
    budget: max === null ? null : { maxNanoUsd: max, period: duration },
  };
}

function modelLimitsOf(
  rpm: ModelLimits["rpm"] | null,
  tpm: ModelLimits["tpm"] | null,
  budgets: ModelLimits["budgets"] | null,
): ModelLimits | null {
  const limits = { rpm: rpm ?? {}, tpm: tpm ?? {}, budgets: budgets ?? {} };
  return Object.values(limits).every((each) => Object.keys(each).length === 0) ? null : limits;
}

/** `all-team-models` is what a key of a team may use anyway: the team's own list stands. */
function modelsOf(models: readonly string[]): readonly string[] {
  const all = ["all-proxy-models", "all-team-models"];
  return models.some((model) => all.includes(model)) ? [] : models;
}

/** Paths, and LiteLLM's names of groups: of those only `llm_api_routes` opens anything here. */
function routesOf(value: unknown): readonly string[] {
  const routes = values.listOf(value);
  if (routes.every((route) => /^(?:\/.*|[a-z_]+_routes)$/.test(route))) return routes;
  throw new values.Senseless("is not a list of paths");
}

function pathsOf(value: unknown): readonly string[] {
  const paths = values.listOf(value);
  if (paths.every((path) => path.startsWith("/"))) return paths;
  throw new values.Senseless("is not a list of paths");
}

function digestOf(value: unknown): string {
  if (typeof value === "string" && /^[0-9a-f]{64}$/i.test(value)) return value.toLowerCase();
  throw new values.Senseless("is not the SHA-256 of a key in hex");
}

/** `sk-...abcd`; anything else might be more of the key than may be shown. */
function nameOf(value: unknown): string {
  if (typeof value !== "string") return "sk-...";
  return /^sk-\.\.\.[\w.~+=-]{1,4}$/.test(value) ? value : "sk-...";
}

function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null || value === false) return true;
  if (typeof value === "object") return Object.keys(value).length === 0;
  return ["", "{}", "[]", "f", "false", "null"].includes(String(value));
}
