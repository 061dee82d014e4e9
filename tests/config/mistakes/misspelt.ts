import { route } from "../load.ts";
import type { Mistake } from "../mistakes.ts";

const first = "general_settings.pass_through_endpoints[0]";
const strong = "sk-0123456789abcdef-long-enough";

/** Keys that nobody reads, or not yet. */
export const misspelt: Record<string, Mistake> = {
  "auth, misspelt": {
    yaml: route("      auht: true # <-\n"),
    key: `${first}.auht`,
    says: "Did you mean auth?",
  },
  "master_key, misspelt": {
    yaml: `general_settings:\n  masterkey: ${strong} # <-\n`,
    key: "general_settings.masterkey",
    says: "Did you mean master_key?",
  },
  "allowed_ips, misspelt": {
    yaml: "general_settings:\n  allowed_ip: [10.0.0.1] # <-\n",
    key: "general_settings.allowed_ip",
    says: "Did you mean allowed_ips?",
  },
  "guardrails, misspelt": {
    yaml: route("      guardrail: [pii] # <-\n"),
    key: `${first}.guardrail`,
    says: "Did you mean guardrails?",
  },
  "master_key in another place": {
    yaml: `master_key: ${strong} # <-\n`,
    key: "master_key",
    says: "It belongs into general_settings.",
  },
  "auth in another place": {
    yaml: "general_settings:\n  auth: true # <-\n",
    key: "general_settings.auth",
    says: "It belongs into an endpoint",
  },
  "guardrails on a route": {
    yaml: route("      guardrails: [pii] # <-\n"),
    key: `${first}.guardrails`,
    says: "not in this version",
  },
  "a limit on a route, misspelt": {
    yaml: route("      rpm_limits: 10 # <-\n"),
    key: `${first}.rpm_limits`,
    says: "Did you mean rpm_limit?",
  },
  "a budget in another place": {
    yaml: "general_settings:\n  max_budget: 10 # <-\n",
    key: "general_settings.max_budget",
    says: "It belongs into an endpoint of pass_through_endpoints or litellm_settings.",
  },
  "guardrails among callbacks": {
    yaml: "litellm_settings:\n  callbacks: [langfuse, presidio] # <-\n",
    key: "litellm_settings.callbacks",
    says: "the callback presidio, which screens calls",
  },
  "a function that decides who may call": {
    yaml: "general_settings:\n  custom_auth: auth.check # <-\n",
    key: "general_settings.custom_auth",
    says: "not in this version",
  },
  "any peer's word for its address": {
    yaml: "general_settings:\n  allowed_ips: [10.0.0.1]\n  use_x_forwarded_for: true # <-\n",
    key: "general_settings.use_x_forwarded_for",
    says: "Name the proxies in general_settings.trusted_proxies",
  },
  "further files": {
    yaml: "include: [more.yaml] # <-\n",
    key: "include",
    says: "not in this version",
  },
};
