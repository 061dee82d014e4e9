import { expect, test } from "bun:test";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "../config/load.ts";

const folder = join(import.meta.dir, "litellm");
const names = readdirSync(folder).flatMap((file) => /^(.+)\.yaml$/.exec(file)?.[1] ?? []);

const env = {
  PROXY_KEY: "sk-0123456789abcdef-secret",
  COHERE_API_KEY: "cohere-secret",
  BRIA_API_KEY: "bria-secret",
  LANGFUSE_DEV_PUBLIC_KEY: "langfuse-public-secret",
  LANGFUSE_DEV_SK_KEY: "langfuse-sk-secret",
};

test.each(names)("the report of litellm/%s.yaml is complete and readable", (name) => {
  const read = (kind: string) => readFileSync(join(folder, `${name}.${kind}`), "utf8");

  const { report } = build(read("yaml"), { env, file: `${name}.yaml` });

  expect(`${report}\n`).toBe(read("txt"));
  expect(report).not.toContain("-secret");
});

test("a production config starts, with one warning for each key that does nothing here", () => {
  const { runtime, warnings } = build(readFileSync(join(folder, "production.yaml"), "utf8"), {
    env,
  });

  expect(runtime?.rules.routes.all.map((route) => route.id)).toEqual([
    "/v1/rerank",
    "GET,POST /bria",
  ]);
  const keys = warnings.map((line) => line.split(" ")[1]);
  expect(new Set(keys).size).toBe(keys.length);
});

test("what protects is refused: a guarded config starts only without those keys", () => {
  const { faults } = build(readFileSync(join(folder, "guarded.yaml"), "utf8"), { env });

  expect(faults.map((line) => /^\S+ ([^:]+):/.exec(line)?.[1])).toEqual([
    "guardrails",
    "general_settings.enable_jwt_auth",
    "general_settings.enforce_user_param",
    "general_settings.database_url",
    "general_settings.max_parallel_requests",
    "general_settings.global_max_parallel_requests",
    "general_settings.max_response_size_mb",
    "general_settings.use_x_forwarded_for",
    "general_settings.pass_through_endpoints[0].target",
    "general_settings.pass_through_endpoints[1].guardrails",
    "litellm_settings.max_end_user_budget",
    "litellm_settings.callbacks",
  ]);
});
