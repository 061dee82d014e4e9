import type { KeyReply, TeamReply } from "../../src/ui/replies.ts";

const payer = {
  spend: 0,
  held: 0,
  max_budget: null,
  budget_duration: null,
  budget_reset_at: null,
  rpm_limit: null,
  tpm_limit: null,
  max_parallel_requests: null,
  model_rpm_limit: {},
  model_tpm_limit: {},
  model_max_budget: {},
  model_spend: {},
  models: [],
  allowed_routes: [],
  allowed_passthrough_routes: [],
  metadata: {},
  tags: [],
  blocked: false,
  created_at: "2026-11-21T12:00:00.000Z",
  created_by: "master key",
  updated_at: "2026-11-21T12:00:00.000Z",
  updated_by: "master key",
};

/** A key as the API replies with it, to which nothing was given. */
export const key: KeyReply = {
  ...payer,
  token: "0123456789abcdef",
  token_id: "0123456789abcdef",
  key_name: "sk-...abcd",
  key_alias: null,
  expires: null,
  soft_budget: null,
  user_id: null,
  user_role: null,
  team_id: null,
  aliases: {},
  config: {},
  permissions: {},
  allowed_cache_controls: [],
  budget_id: null,
  organization_id: null,
  litellm_budget_table: null,
};

/** A team as the API replies with it, to which nothing was given. */
export const team: TeamReply = {
  ...payer,
  team_id: "web",
  team_alias: null,
  organization_id: null,
  admins: [],
  members: [],
  members_with_roles: [],
};
