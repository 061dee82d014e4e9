import { type Static, type TSchema, Type } from "@sinclair/typebox";
import { Value } from "@sinclair/typebox/value";
import { parseDuration } from "../core/duration.ts";
import { isTooSmall, isUsd } from "../core/money.ts";
import type { NotHere } from "./field-faults.ts";

/** A field that may be left out; null takes away what it set. */
export const clearable = <S extends TSchema>(
  schema: S,
  meant: string,
  description: string,
  sound?: (value: unknown) => boolean,
) =>
  Type.Optional(
    Type.Union([schema, Type.Null()], {
      meant,
      description,
      ...(sound === undefined ? {} : { sound }),
    }),
  );

const Count = Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER });
const Dollars = Type.Number({ minimum: 0 });
const Word = Type.String({ minLength: 1, maxLength: 500 });
const Words = Type.Array(Word, { maxItems: 10_000 });

const isPeriod = (value: unknown) => typeof value === "string" && parseDuration(value) !== null;
const isAmount = (value: unknown) =>
  typeof value === "number" && isUsd(value) && !isTooSmall(value);

const periodMeant = "a length of time such as 30s, 30m, 30h, 30d, 2w or 1mo, ten years at most,";
const countMeant = "a whole number of at least 1";
const amountMeant = "an amount of USD, 0 or from a billionth to 9 million,";

export const period = (description: string) =>
  clearable(Type.String(), periodMeant, description, isPeriod);

export const count = (description: string) => clearable(Count, countMeant, description);

export const amount = (description: string) =>
  clearable(Dollars, amountMeant, description, isAmount);

export const word = (description: string) =>
  clearable(Word, "a text of 1 to 500 characters", description);

const words = (description: string, meant: string, sound?: (value: unknown) => boolean) =>
  clearable(Words, meant, description, sound);

const counts = (description: string) =>
  clearable(Type.Record(Word, Count), "an object of model names and whole numbers", description);

/** LiteLLM has both pairs of names. */
export const ModelBudget = Type.Union([
  Dollars,
  Type.Object(
    {
      budget_limit: Type.Optional(Dollars),
      max_budget: Type.Optional(Dollars),
      time_period: Type.Optional(Type.Union([Type.String(), Type.Null()])),
      budget_duration: Type.Optional(Type.Union([Type.String(), Type.Null()])),
    },
    { additionalProperties: false },
  ),
]);
export type ModelBudget = Static<typeof ModelBudget>;

/** The amount and the period of a model's budget, as written; no amount is NaN. */
export function modelBudgetParts(budget: ModelBudget): { usd: number; period: string | null } {
  if (typeof budget === "number") return { usd: budget, period: null };
  const usd = budget.budget_limit ?? budget.max_budget ?? Number.NaN;
  return { usd, period: budget.time_period ?? budget.budget_duration ?? null };
}

const ModelBudgets = Type.Record(Word, ModelBudget);

function areModelBudgets(value: unknown): boolean {
  if (!Value.Check(ModelBudgets, value)) return false;
  return Object.values(value).every((budget) => {
    const { usd, period: written } = modelBudgetParts(budget);
    return isAmount(usd) && (written === null || isPeriod(written));
  });
}

function areTexts(value: unknown, isSound: (text: string) => boolean): boolean {
  return Array.isArray(value) && value.every((one) => typeof one === "string" && isSound(one));
}

/** Words of LiteLLM's that are no model's name. */
const modelGroups = ["all-proxy-models", "all-team-models", "no-default-models"];

/** What keys and teams may be given. */
export const payerFields = {
  models: words(
    "Models that may be used, by name or pattern (`gpt-4*`); an empty list is every model.",
    `a list of model names, empty for every model, without ${modelGroups.join(", ")},`,
    (value) => areTexts(value, (name) => !modelGroups.includes(name)),
  ),
  max_budget: amount("What may be spent, in USD: in each budget_duration, or in all."),
  budget_duration: period("After what time max_budget begins anew, by the calendar in UTC."),
  rpm_limit: count("Requests in any 60 seconds."),
  tpm_limit: count("Tokens in any 60 seconds."),
  max_parallel_requests: count("Calls at once."),
  model_rpm_limit: counts("Requests in any 60 seconds, by model."),
  model_tpm_limit: counts("Tokens in any 60 seconds, by model."),
  model_max_budget: clearable(
    ModelBudgets,
    'an object of model names and budgets, as {"budget_limit": 5, "time_period": "30d"},',
    "Budgets by model: USD, or an object with budget_limit and time_period.",
    areModelBudgets,
  ),
  allowed_routes: words(
    "Paths that may be called: exact, `/path/*`, or `llm_api_routes`; an empty list is every path.",
    "a list of paths, each beginning with /, or llm_api_routes",
    (value) => areTexts(value, (path) => /^\/|^llm_api_routes$/.test(path)),
  ),
  allowed_passthrough_routes: words(
    "Paths of routes that may be called, with all below them; an empty list is every route.",
    "a list of paths, each beginning with /,",
    (value) => areTexts(value, (path) => path.startsWith("/")),
  ),
  metadata: clearable(
    Type.Object({}, { additionalProperties: true }),
    "a JSON object",
    "Anything; kept and shown, and not looked at.",
  ),
  tags: words("Written to the record of every call.", "a list of texts"),
  blocked: clearable(Type.Boolean(), "true or false", "Whether every call is refused."),
};

const Payer = Type.Object(payerFields);
export type PayerFields = Static<typeof Payer>;

const litellms = "a field of LiteLLM's that means nothing here";

const ofLitellm =
  "admins aliases allowed_cache_controls allowed_vector_store_indexes auto_rotate " +
  "budget_id budget_limits config disabled_callbacks enforced_params key_type members " +
  "members_with_roles model_aliases model_spend object_permission organization_id " +
  "permissions policies project_id prompts rotation_interval router_settings " +
  "rpm_limit_type send_invite_email spend team_member_budget team_member_key_duration " +
  "team_member_permissions team_member_rpm_limit team_member_tpm_limit " +
  "temp_budget_expiry temp_budget_increase tpm_limit_type user_email";

/** Fields of LiteLLM's for keys and teams that this gateway would not keep its promise of. */
export const notForPayers: NotHere = {
  guardrails: "there are no guardrails yet, and it would look as if there were",
  ...Object.fromEntries(ofLitellm.split(" ").map((name) => [name, litellms])),
};
