import { expect, test } from "bun:test";
import { adminPathTest } from "../../src/http/admin-paths.ts";
import { build } from "../config/load.ts";

test("paths of the admin API are told from all others", () => {
  const isAdminPath = adminPathTest("");
  const own = ["/routes", "/key/generate", "/key/sk-1.2/regenerate", "/spend/logs/ui/019a-b"];
  const others = [
    "/",
    "/route",
    "/routes/",
    "/key",
    "/key/",
    "/key/generate/x",
    "/key//regenerate",
    "/key/a/b/regenerate",
    "/x/key/a/regenerate",
    "/key/a/regenerate/x",
    "/spend/logs/ui/",
    "/openapiXjson",
    "/llm/routes",
  ];

  expect(own.filter((path) => !isAdminPath(path))).toEqual([]);
  expect(others.filter(isAdminPath)).toEqual([]);
  expect(adminPathTest("/llm.v1")("/llm.v1/key/a/regenerate")).toBe(true);
  expect(adminPathTest("/llm.v1")("/llmXv1/key/a/regenerate")).toBe(false);
  expect(adminPathTest("/llm.v1")("/routes")).toBe(false);
});

const endpoint = (path: string, more = "") =>
  build(
    `general_settings:\n  master_key: sk-master-key-of-this-test\n  pass_through_endpoints:\n    - path: ${path}\n      target: https://up.example\n      auth: true\n${more}`,
  );

test("an endpoint may not take a path of the admin API, one with a part that varies neither", () => {
  for (const path of ["/key/generate", "/key/any-key/regenerate", "/spend/logs/ui/x"]) {
    const { faults } = endpoint(path);
    expect([path, faults.length]).toEqual([path, 1]);
    expect(faults[0]).toContain("belongs to the admin API");
  }
  expect(endpoint("/key/any-key/regenerated").faults).toEqual([]);
});

test("an endpoint above paths of the admin API is told which it does not get", () => {
  const below = "      include_subpath: true\n";

  const above = endpoint("/key/any-key", below);
  const beside = endpoint("/keys", below);

  expect(above.warnings.join()).toContain("/key/{key}/regenerate below it");
  expect(beside.warnings).toEqual([]);
  expect(endpoint("/team", below).warnings.join()).toContain("/team/new");
});
