import type { PayerShape } from "../../http/payer-shape.ts";
import type { Faults } from "../fault-places.ts";
import { noNumber } from "../parts/number-text.ts";

/** Limits for one model. */
export interface ModelLimit {
  readonly model: string;
  readonly rpm: number | null;
  readonly tpm: number | null;
  /** USD. */
  readonly budget: number | null;
  /** As `30d`; empty is in all. */
  readonly period: string;
}

/** What keys and teams may be given, as a form holds it: lists are a text with an entry on each line. */
export interface PayerForm {
  readonly models: string;
  /** Paths of routes, each with all below it. */
  readonly routes: readonly string[];
  readonly patterns: string;
  readonly rpm: number | null;
  readonly tpm: number | null;
  readonly parallel: number | null;
  /** USD. */
  readonly budget: number | null;
  readonly period: string;
  readonly modelLimits: readonly ModelLimit[];
  readonly tags: string;
  readonly metadata: string;
}

/** Members of a request; null takes away what was set. */
export type Members = Readonly<Record<string, unknown>>;

export const emptyPayer: PayerForm = {
  models: "",
  routes: [],
  patterns: "",
  rpm: null,
  tpm: null,
  parallel: null,
  budget: null,
  period: "",
  modelLimits: [],
  tags: "",
  metadata: "",
};

/** A key or a team as the form shows it. */
export function payerFormOf(payer: PayerShape): PayerForm {
  return {
    models: payer.models.join("\n"),
    routes: payer.allowed_passthrough_routes,
    patterns: payer.allowed_routes.join("\n"),
    rpm: payer.rpm_limit,
    tpm: payer.tpm_limit,
    parallel: payer.max_parallel_requests,
    budget: payer.max_budget,
    period: payer.budget_duration ?? "",
    modelLimits: modelLimitsOf(payer),
    tags: payer.tags.join("\n"),
    metadata: metadataText(payer.metadata),
  };
}

/** Everything that the form says, under the API's names; null where nothing is said. */
export function payerMembers(form: PayerForm): Members {
  return {
    models: listOf(form.models),
    allowed_passthrough_routes: form.routes.length === 0 ? null : form.routes,
    allowed_routes: listOf(form.patterns),
    rpm_limit: form.rpm,
    tpm_limit: form.tpm,
    max_parallel_requests: form.parallel,
    max_budget: form.budget,
    budget_duration: form.budget === null || form.period === "" ? null : form.period,
    model_rpm_limit: byModel(form.modelLimits, ({ rpm }) => rpm),
    model_tpm_limit: byModel(form.modelLimits, ({ tpm }) => tpm),
    model_max_budget: byModel(form.modelLimits, modelBudget),
    tags: listOf(form.tags),
    metadata: metadataOf(form.metadata),
  };
}

/** What the gateway need not be asked to find wrong. */
export function payerFaults(form: PayerForm): Faults {
  const names = form.modelLimits.map(({ model }) => model.trim());
  const repeated = names.find((name, index) => name !== "" && names.indexOf(name) !== index);
  const isNameless = form.modelLimits.some((limit) => limit.model.trim() === "" && hasLimit(limit));
  const isOdd = form.modelLimits.some(({ rpm, tpm, budget }) =>
    [rpm, tpm, budget].some(Number.isNaN),
  );
  const limits = isNameless
    ? "Each row needs the name of a model."
    : isOdd
      ? noNumber
      : repeated === undefined
        ? null
        : `${repeated} stands more than once.`;
  const numbers = numberFaults({
    max_budget: form.budget,
    rpm_limit: form.rpm,
    tpm_limit: form.tpm,
    max_parallel_requests: form.parallel,
  });
  return {
    ...numbers,
    ...(limits === null ? {} : { model_max_budget: limits }),
    ...(isMetadata(form.metadata)
      ? {}
      : { metadata: 'A JSON object is meant, as {"app": "web"}.' }),
  };
}

/** Those fields whose text is no number. */
export function numberFaults(values: Readonly<Record<string, number | null>>): Faults {
  const odd = Object.entries(values).filter(([, value]) => Number.isNaN(value));
  return Object.fromEntries(odd.map(([name]) => [name, noNumber]));
}

/** Only what is said at all: for something new. */
export function saidMembers(members: Members): Members {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== null));
}

/** Only what is another now. */
export function changedMembers(before: Members, after: Members): Members {
  return Object.fromEntries(
    Object.entries(after).filter(
      ([name, value]) => JSON.stringify(value) !== JSON.stringify(before[name]),
    ),
  );
}

/** A text as it is sent; null for an empty one. */
export function wordOf(text: string): string | null {
  return text.trim() || null;
}

/** The entries of a text with one on each line; null where there are none. */
function listOf(text: string): string[] | null {
  const entries = text.split("\n").flatMap((line) => line.trim() || []);
  return entries.length === 0 ? null : entries;
}

function modelLimitsOf(payer: PayerShape): ModelLimit[] {
  const { model_rpm_limit: rpm, model_tpm_limit: tpm, model_max_budget: budgets } = payer;
  const names = new Set([rpm, tpm, budgets].flatMap((record) => Object.keys(record)));
  return [...names].map((model) => ({
    model,
    rpm: rpm[model] ?? null,
    tpm: tpm[model] ?? null,
    budget: budgets[model]?.budget_limit ?? null,
    period: budgets[model]?.time_period ?? "",
  }));
}

function byModel(
  limits: readonly ModelLimit[],
  valueOf: (limit: ModelLimit) => unknown,
): Members | null {
  const said = limits.flatMap((limit) => {
    const [name, value] = [limit.model.trim(), valueOf(limit)];
    return name === "" || value === null ? [] : [[name, value] as const];
  });
  return said.length === 0 ? null : Object.fromEntries(said);
}

function modelBudget({ budget, period }: ModelLimit): Members | null {
  if (budget === null) return null;
  return { budget_limit: budget, time_period: period === "" ? null : period };
}

function hasLimit({ rpm, tpm, budget }: ModelLimit): boolean {
  return rpm !== null || tpm !== null || budget !== null;
}

function metadataText(metadata: unknown): string {
  const text = JSON.stringify(metadata ?? {}, null, 2);
  return text === "{}" ? "" : text;
}

function isMetadata(text: string): boolean {
  if (text.trim() === "") return true;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}

/** Null for no metadata at all, `{}` among them. */
function metadataOf(text: string): unknown {
  if (text.trim() === "" || !isMetadata(text)) return null;
  const value: unknown = JSON.parse(text);
  return JSON.stringify(value) === "{}" ? null : value;
}
