import { type Static, Type } from "@sinclair/typebox";
import { later, optional, Period, Usd } from "./schema-parts.ts";

/** Names in LiteLLM's callback lists that refuse, mask or limit calls; all others only record them. */
const screeningCallbacks = [
  "aporia_prompt_injection",
  "azure_content_safety",
  "banned_keywords",
  "bedrock_guardrails",
  "blocked_user_check",
  "detect_prompt_injection",
  "dynamic_rate_limiter",
  "dynamic_rate_limiter_v3",
  "google_text_moderation",
  "hide_secrets",
  "lakera_prompt_injection",
  "llamaguard_moderations",
  "llmguard_moderations",
  "openai_moderations",
  "presidio",
];

const usersAreNames = "Users are names in records here: give keys and teams their budgets.";

/** `litellm_settings`, as far as its keys mean something here. */
export const LitellmSettings = Type.Object({
  callbacks: Type.Optional(
    Type.Unknown({
      notYet: "warn",
      description: "Where finished calls are sent.",
      screens: screeningCallbacks,
    }),
  ),
  success_callback: later("warn", "Where successful calls are sent."),
  failure_callback: later("warn", "Where failed calls are sent."),
  turn_off_message_logging: optional(
    Type.Boolean({
      description: "Log no bodies, whatever else asks for them.",
      differs: "Bodies stay out of the log of calls too, not only out of callbacks.",
      protects: true,
    }),
  ),
  include_cost_in_streaming_usage: optional(
    Type.Boolean({ description: "Put the cost into the usage of streams." }),
  ),
  sse_keepalive_ping_interval_seconds: later("warn", "Pings on silent event streams."),
  max_budget: optional(Usd("Budget of everybody together.")),
  budget_duration: optional(Period("Period of that budget; without one it is for good.")),
  max_user_budget: later("refuse", "Budget of each user.", usersAreNames),
  max_end_user_budget: later("refuse", "Budget of each end user.", usersAreNames),
  max_end_user_budget_id: later("refuse", "Budget of each end user.", usersAreNames),
  tag_budget_config: later("refuse", "Budgets of tags."),
  guardrails: later("refuse", "Guardrail definitions."),
  blocked_user_list: later("refuse", "Users that may not call."),
  banned_keywords_list: later("refuse", "Words that may not pass."),
  pre_call_rules: later("refuse", "Rules that refuse requests."),
  post_call_rules: later("refuse", "Rules that refuse replies."),
});
export type LitellmSettings = Static<typeof LitellmSettings>;
