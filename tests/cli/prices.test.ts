import { expect, test } from "bun:test";
import { runTollgate } from "../helpers/gateway.ts";
import { temporaryFolder } from "../process/program.ts";

const config = `
general_settings:
  master_key: sk-master-key-of-this-test
  pass_through_endpoints:
    - path: /bria
      target: https://engine.prod.bria-api.com
      auth: true
      usage:
        units:
          images: { reply: /result, read: count }
      prices:
        images: 0.04
model_list:
  - model_name: house-gpt
    litellm_params: { model: openai/gpt-4o }
    model_info:
      input_cost_per_token: 0.000001
      input_cost_per_token_above_200k_tokens: 0.000003
      output_cost_per_token: 0.000002
  - model_name: eu-deployment
    litellm_params: { model: azure/eu }
    model_info: { base_model: azure/gpt-4o }
`;

async function prices(args: readonly string[], yaml = config) {
  using folder = temporaryFolder();
  await Bun.write(folder.file("config.yaml"), yaml);
  return await runTollgate(["prices", ...args], { cwd: folder.path });
}

test("without a model it tells the catalogue's age, the own prices, and whose prices are known", async () => {
  const { code, stdout, stderr } = await prices([]);

  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  expect(stdout).toMatch(
    /^Catalogue: @pydantic\/genai-prices 0\.1\.8 of 2026-09-23, \d+ days old\n/,
  );
  expect(stdout).toContain("house-gpt      input $1 for 1 M tokens, output $2 for 1 M tokens");
  expect(stdout).toContain("eu-deployment  as azure/gpt-4o");
  expect(stdout).toContain("/bria  images $0.04");
  expect(stdout).toMatch(/\n {2}anthropic +\d+\n/);
  expect(stdout).toContain("\n  cohere/rerank-v3.5\n");
  expect(stdout).not.toContain("sk-master-key");
});

test("with a model it tells each unit, its tiers, and where that comes from", async () => {
  const { code, stdout } = await prices(["anthropic/claude-sonnet-4-5"]);

  expect(code).toBe(0);
  expect(stdout.split("\n").map((line) => line.trim().split(/ {2,}/))).toEqual([
    ["anthropic/claude-sonnet-4-5"],
    ["UNIT", "USD", "ABOVE 200,000 TOKENS", "FOR", "FROM"],
    ["input", "$3", "$6", "1 M tokens", "anthropic/claude-sonnet-4-5"],
    ["output", "$15", "$22.5", "1 M tokens", "anthropic/claude-sonnet-4-5"],
    ["cached", "$0.3", "$0.6", "1 M tokens", "anthropic/claude-sonnet-4-5"],
    ["cache_write", "$3.75", "$7.5", "1 M tokens", "anthropic/claude-sonnet-4-5"],
    ["cache_write_1h", "$6", "$12", "1 M tokens", "anthropic/claude-sonnet-4-5"],
    ["web_searches", "$10", "$10", "1,000 searches", "anthropic/claude-sonnet-4-5"],
    [""],
  ]);
});

test("the config's prices come before the catalogue's, and under every name of the model", async () => {
  const [gpt, house, deployment] = await Promise.all([
    prices(["gpt-4o"]),
    prices(["house-gpt"]),
    prices(["eu-deployment"]),
  ]);

  for (const { stdout } of [gpt, house]) {
    expect(stdout).toMatch(/input +\$1 +\$3 +1 M tokens +model_list house-gpt/);
  }
  expect(gpt.stdout).toMatch(/web_searches +\$10 +\$10 +1,000 searches +openai\/gpt-4o/);
  expect(deployment.stdout).toMatch(/input +\$2.5 +1 M tokens +azure\/gpt-4o/);
});

test("a model that only some provider names is found with each that has it", async () => {
  const { code, stdout } = await prices(["llama-3.3-70b-versatile"]);

  expect(code).toBe(0);
  expect(stdout).toStartWith("groq/llama-3.3-70b-versatile\n");
});

test("what the catalogue lacks is told too, in the measure that people pay by", async () => {
  const [rerank, transcript] = await Promise.all([
    prices(["cohere/rerank-v3.5"]),
    prices(["universal-2"]),
  ]);

  expect(rerank.stdout).toMatch(/search_units +\$2 +1,000 search units/);
  expect(transcript.stdout).toMatch(/seconds +\$0.15 +an hour/);
});

test.each([
  ["gpt-4oo", "No price is known for gpt-4oo. Did you mean gpt-4o?"],
  ["house-gtp", "Did you mean house-gpt?"],
  ["zzzzzzzzzzzz", "No price is known for zzzzzzzzzzzz. tollgate prices lists the providers."],
])("%s has no price: exit 1, and what may have been meant", async (model, message) => {
  const { code, stdout, stderr } = await prices([model]);

  expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
  expect(stderr).toContain(message);
});

test("--json is for programs: USD for one of each unit", async () => {
  const [one, all] = await Promise.all([prices(["house-gpt", "--json"]), prices(["--json"])]);

  expect(JSON.parse(one.stdout)[0]).toEqual({
    model: "house-gpt",
    units: {
      input: {
        usd: 0.000001,
        tiers: [{ above_input_tokens: 200_000, usd: 0.000003 }],
        source: "model_list house-gpt",
      },
      output: { usd: 0.000002, tiers: [], source: "model_list house-gpt" },
    },
  });
  expect(JSON.parse(all.stdout)).toMatchObject({
    catalogue: { package: "@pydantic/genai-prices", version: "0.1.8", date: "2026-09-23" },
    models: [{ model: "house-gpt" }, { model: "eu-deployment", base_model: "azure/gpt-4o" }],
    routes: [{ path: "/bria", prices: { images: 0.04 } }],
  });
});

test("a config that cannot be read is told", async () => {
  const { code, stderr } = await prices(["--config", "/nowhere/config.yaml"]);

  expect(code).toBe(2);
  expect(stderr).toContain("/nowhere/config.yaml: cannot be read (ENOENT)");
});
