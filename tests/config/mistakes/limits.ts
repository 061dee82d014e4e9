import { route } from "../load.ts";
import type { Mistake } from "../mistakes.ts";

const first = "general_settings.pass_through_endpoints[0]";

/** Limits, budgets and costs, of a route and of all of them. */
export const limits: Record<string, Mistake> = {
  "requests per minute in quotes": onRoute("rpm_limit", '"60"', "a whole number of at least 1"),
  "no requests per minute": onRoute("rpm_limit", "0", "a whole number of at least 1"),
  "half a token per minute": onRoute("tpm_limit", "0.5", "a whole number of at least 1"),
  "calls at once below none": onRoute("max_parallel_requests", "-1", "a whole number of at least"),
  "a budget below nothing": onRoute("max_budget", "-1", "a number of at least 0"),
  "a budget with its currency": onRoute("max_budget", "$10", "a number of at least 0"),
  "a budget without an end": onRoute("max_budget", ".inf", "a number of at least 0"),
  "a budget beyond what is counted": onRoute("max_budget", "10000000", "and at most 9000000"),
  "a cost below nothing": onRoute("cost_per_request", "-0.002", "a number of at least 0"),
  "a cost that is a text": onRoute("cost_per_request", "free", "a number of at least 0"),
  "a period without its unit": withPeriod("30", "a text of another form is meant; not a number. P"),
  "a period in words": withPeriod("monthly", "As 30s, 30m, 30h, 30d, 2w or 1mo."),
  "a period of nothing": withPeriod("0d", "Write it as 30s, 30m, 30h, 30d, 2w or 1mo."),
  "a period of a century": withPeriod("1200mo", "no length of time, or one of more than ten years"),
  "everybody's budget below nothing": ofEverybody("max_budget: -5", "max_budget"),
  "everybody's budget in quotes": ofEverybody('max_budget: "5"', "max_budget"),
  "everybody's period that is none": ofEverybody("budget_duration: 1y", "budget_duration"),
  "a budget of each user": ofEverybody("max_user_budget: 1", "max_user_budget", "Users are names"),
  "a budget of each end user": ofEverybody(
    "max_end_user_budget: 1",
    "max_end_user_budget",
    "give keys and teams their budgets",
  ),
};

function onRoute(key: string, value: string, says: string): Mistake {
  return { yaml: route(`      ${key}: ${value} # <-\n`), key: `${first}.${key}`, says, column: 7 };
}

function withPeriod(value: string, says: string): Mistake {
  const yaml = route(`      max_budget: 10\n      budget_duration: ${value} # <-\n`);
  return { yaml, key: `${first}.budget_duration`, says, column: 7 };
}

function ofEverybody(line: string, key: string, says = "is meant"): Mistake {
  const yaml = `litellm_settings:\n  ${line} # <-\n`;
  return { yaml, key: `litellm_settings.${key}`, says, column: 3 };
}
