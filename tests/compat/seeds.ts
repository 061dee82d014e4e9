import {
  cohereAuthConfig,
  cohereConfig,
  cohereForwardConfig,
  cohereSpecConfig,
  langfuseConfig,
} from "../clients/seeds.ts";

/** The YAML of the tutorials, as they have it, comments and all. */
export const seeds = {
  cohere: cohereConfig,
  forwardHeaders: cohereForwardConfig,
  auth: cohereAuthConfig,
  spec: cohereSpecConfig,
  langfuse: langfuseConfig,
  customChat: `model_list:
  - model_name: my-fake-claude-endpoint
    litellm_params:
      model: gpt-3.5-turbo
      api_key: os.environ/OPENAI_API_KEY


general_settings:
  master_key: sk-1234
  pass_through_endpoints:
    - path: "/v1/messages"                 # route you want to add to LiteLLM Proxy Server
      target: custom_callbacks.anthropic_adapter          # Adapter to use for this route
      headers:
        litellm_user_api_key: "x-api-key" # Field in headers, containing LiteLLM Key
`,
} as const;
