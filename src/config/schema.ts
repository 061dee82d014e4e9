import { type Static, Type } from "@sinclair/typebox";
import { GeneralSettings } from "./general-schema.ts";
import { LitellmSettings } from "./litellm-schema.ts";
import { later, optional, Scalar } from "./schema-parts.ts";

/** Every key that is read from `config.yaml`: the type, the validator and the documentation. */
export const Config = Type.Object({
  general_settings: optional(GeneralSettings),
  litellm_settings: optional(LitellmSettings),
  environment_variables: optional(
    Type.Record(Type.String(), Scalar, {
      description: "Variables for references, over those of the environment.",
    }),
  ),
  model_list: optional(
    Type.Array(Type.Unknown(), { description: "Prices of models, in model_info." }),
  ),
  guardrails: later("refuse", "Guardrail definitions."),
  policies: later("refuse", "Sets of guardrails."),
  policy_attachments: later("refuse", "Where sets of guardrails apply."),
  include: later("refuse", "Further config files."),
  default_vertex_config: later("warn", "Default credentials of Vertex AI."),
});
export type Config = Static<typeof Config>;
