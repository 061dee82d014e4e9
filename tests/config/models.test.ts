import { expect, test } from "bun:test";
import { compileModels } from "../../src/config/compile-models.ts";
import { build, route } from "./load.ts";

test("an entry's name, its provider's name and its prices are read; its credentials are not", () => {
  const { models } = compileModels([
    {
      model_name: "gpt-eu",
      litellm_params: {
        model: "azure/gpt-4o-eu",
        api_key: "canary",
        input_cost_per_token: 3e-6,
        base_model: "gpt-4o",
      },
      model_info: { input_cost_per_token: 1e-6, output_cost_per_token: "1e-5", mode: "chat" },
    },
    { model_name: "bare" },
  ]);

  expect(models.map(({ info, ...rest }) => ({ ...rest, info: { ...info } }))).toEqual([
    {
      name: "gpt-eu",
      model: "azure/gpt-4o-eu",
      info: {
        input_cost_per_token: 3e-6,
        output_cost_per_token: "1e-5",
        mode: "chat",
        base_model: "gpt-4o",
      },
    },
    { name: "bare", model: null, info: {} },
  ]);
});

test("what is wrong with an entry is told at its place, and stops nothing", () => {
  const yaml = `${route("")}model_list:
  - 4
  - model_name: a
    model_infos: {}
  - model_name: b
    model_info: {input_cost_per_token: cheap}
  - model_name: c
    litellm_params: {output_cost_per_token: -1}
`;

  const { faults, warnings } = build(yaml);

  expect(faults).toEqual([]);
  expect(warnings).toEqual([
    "config.yaml:5:1 model_list: not in this version: Deployments, for adapters and provider routes. Prices in model_info count, nothing else of it has an effect.",
    "config.yaml:6:5 model_list[0]: this entry has no model_name: nothing of it counts. Give it a model_name.",
    "config.yaml:8:5 model_list[1].model_infos: nobody reads this key. Did you mean model_info?",
    "config.yaml:10:18 model_list[2].model_info.input_cost_per_token: a price in USD for one is meant: a number, 0 or more. The key has no effect.",
    "config.yaml:12:22 model_list[3].litellm_params.output_cost_per_token: a price in USD for one is meant: a number, 0 or more. The key has no effect.",
  ]);
});

test("a key of a deployment that is not set is no fault: nothing is called with it", () => {
  const yaml = `${route("")}model_list: [{model_name: a, litellm_params: {api_key: os.environ/NOT_SET}}]\n`;

  expect(build(yaml).faults).toEqual([]);
});

test("an empty list says nothing", () => {
  expect(build(`${route("")}model_list: []\n`).warnings).toEqual([]);
});
