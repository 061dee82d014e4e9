import { expect, test } from "bun:test";
import { build, onlyRoute } from "../config/load.ts";
import { seeds } from "./seeds.ts";

const env = {
  COHERE_API_KEY: "co-1",
  LANGFUSE_DEV_PUBLIC_KEY: "pk-lf-1",
  LANGFUSE_DEV_SK_KEY: "sk-lf-1",
};

const cohere = {
  Authorization: "bearer co-1",
  "content-type": "application/json",
  accept: "application/json",
};

test.each([
  ["cohere", "local", false],
  ["forwardHeaders", "local", true],
  ["auth", "key", false],
  ["spec", "local", false],
] as const)("the tutorial's Cohere config (%s) is a route", (name, auth, forward) => {
  const route = onlyRoute(seeds[name], { env });

  expect(route.path).toBe("/v1/rerank");
  expect(route.target).toEqual({ origin: "https://api.cohere.com", path: "/v1/rerank", query: "" });
  expect({ ...route.headers.fixed }).toEqual(cohere);
  expect([route.auth, route.headers.forward]).toEqual([auth, forward]);
});

test("the tutorial's Langfuse config becomes HTTP Basic credentials", () => {
  const route = onlyRoute(seeds.langfuse, { env });

  const basic = Buffer.from("pk-lf-1:sk-lf-1").toString("base64");
  expect({ ...route.headers.fixed }).toEqual({ Authorization: `Basic ${basic}` });
  expect(route.target.origin + route.target.path).toBe(
    "https://us.cloud.langfuse.com/api/public/ingestion",
  );
});

test("the tutorial's adapter is refused, and said to be not in this version", () => {
  const { runtime, faults } = build(seeds.customChat, { env });

  expect(runtime).toBeNull();
  expect(faults).toEqual([
    "config.yaml:12:7 general_settings.pass_through_endpoints[0].target: not in this version: the adapter custom_callbacks.anthropic_adapter. Only URLs can be targets: nothing may pass unchecked. A host begins with https://.",
  ]);
});

test("without its key a tutorial's config does not start", () => {
  const { faults } = build(seeds.cohere, { env: {} });

  expect(faults.join()).toContain("os.environ/COHERE_API_KEY is not set");
});

test("the config inside the program starts with no key set, the sample alone being on", async () => {
  const yaml = await Bun.file(new URL("../../config.yaml", import.meta.url)).text();

  const { faults, warnings, routes, off } = build(yaml);

  expect({ faults, warnings }).toEqual({ faults: [], warnings: [] });
  expect(routes.map((route) => [route.path, route.includeSubpath, route.label])).toEqual([
    ["/sample", true, "tollgate://sample"],
  ]);
  expect(off.map(({ path }) => path)).toEqual([
    "/v1/rerank",
    "/bria",
    "/v1/ocr",
    "/api/public/ingestion",
    "/api/public",
  ]);
  expect(yaml.split("\n").length).toBeLessThan(90);
});

test("with all keys set it serves every recipe", async () => {
  const yaml = await Bun.file(new URL("../../config.yaml", import.meta.url)).text();
  const keys = { ...env, BRIA_API_KEY: "b", MISTRAL_API_KEY: "m" };

  const { faults, off, routes } = build(yaml, { env: keys });

  expect({ faults, off }).toEqual({ faults: [], off: [] });
  expect(routes.map((route) => [route.path, route.includeSubpath, route.label])).toEqual([
    ["/sample", true, "tollgate://sample"],
    ["/v1/rerank", false, "https://api.cohere.com/v1/rerank"],
    ["/bria", true, "https://engine.prod.bria-api.com/"],
    ["/v1/ocr", false, "https://api.mistral.ai/v1/ocr"],
    ["/api/public/ingestion", false, "https://us.cloud.langfuse.com/api/public/ingestion"],
    ["/api/public", true, "https://us.cloud.langfuse.com/api/public"],
  ]);
  expect(routes[2]?.headers.fixed["api_token"]).toBe("b");
});
