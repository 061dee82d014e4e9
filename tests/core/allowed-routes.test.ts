import { describe, expect, test } from "bun:test";
import { GatewayError } from "../../src/core/errors.ts";
import type { Principal } from "../../src/core/key-record.ts";
import { checkAllowed } from "../../src/gateway/allowed-routes.ts";
import { holder, teamRecord } from "./calls.ts";
import { route } from "./route.ts";

const detailOf = (principal: Principal, path: string, at = path, root = ""): string | null => {
  try {
    checkAllowed(principal, route({ path: at }), path, root);
    return null;
  } catch (error) {
    if (error instanceof GatewayError && error.code === "route_not_allowed") return error.message;
    throw error;
  }
};

const mayCall = (principal: Principal, path: string, at = path, root = "") =>
  detailOf(principal, path, at, root) === null;

describe.each(["allowedPassThroughRoutes", "allowedRoutes"] as const)("%s", (list) => {
  test.each([
    ["/v1/rerank", "/v1/rerank", true],
    ["/v1/rerank", "/v1/rerank/x", true],
    ["/v1/rerank/", "/v1/rerank/x", true],
    ["/v1/rerank/*", "/v1/rerank", true],
    ["/v1/rerank/*", "/v1/rerank/x/y", true],
    ["/v1/rerank", "/v1/reranker", false],
    ["/v1/rerank/*", "/v1/rerank2", false],
    ["/v1/rerank", "/v1/RERANK", false],
    ["/v1/rerank", "/v1", false],
    ["/v1/rerank", "/v1/%72erank", false],
    ["/v1/rerank", "//v1/rerank", false],
    ["/*", "/anything", true],
    ["/", "/", true],
    ["/", "/anything", false],
    ["*", "/anything", false],
    ["v1/rerank", "/v1/rerank", false],
    ["", "/v1/rerank", false],
    ["/v1/*/x", "/v1/a/x", false],
    ["management_routes", "/v1/rerank", false],
    ["info_routes", "/v1/rerank", false],
    ["openai_routes", "/v1/chat/completions", false],
  ])("%p and %s: %p", (entry, path, expected) => {
    expect(mayCall(holder({ [list]: [entry] }), path)).toBe(expected);
    expect(mayCall(holder({ [list]: ["/nowhere", entry] }), path)).toBe(expected);
    expect(mayCall(holder({}, teamRecord({ [list]: [entry] })), path)).toBe(expected);
  });

  test("a route with sub-paths may be allowed in part", () => {
    const part = holder({ [list]: ["/cohere/v1/rerank"] });
    expect(mayCall(part, "/cohere/v1/rerank", "/cohere")).toBe(true);
    expect(mayCall(part, "/cohere/v1/embed", "/cohere")).toBe(false);
    expect(mayCall(holder({ [list]: ["/cohere"] }), "/cohere/v1/embed", "/cohere")).toBe(true);
    expect(mayCall(holder({ [list]: ["/"] }), "/cohere/v1", "/")).toBe(true);
  });

  test("the key's list counts, and the team's where it has none", () => {
    const team = teamRecord({ [list]: ["/team"] });
    expect(mayCall(holder({ [list]: ["/own"] }, team), "/own")).toBe(true);
    expect(mayCall(holder({ [list]: ["/own"] }, team), "/team")).toBe(false);
    expect(mayCall(holder({}, team), "/team")).toBe(true);
    expect(mayCall(holder({}, team), "/own")).toBe(false);
  });

  test("the master key, admins and anybody are not restricted", () => {
    const nowhere = { [list]: ["/nowhere"] };
    expect(mayCall({ kind: "master" }, "/v1")).toBe(true);
    expect(mayCall({ kind: "anonymous" }, "/v1")).toBe(true);
    expect(mayCall(holder({ ...nowhere, role: "proxy_admin" }), "/v1")).toBe(true);
    expect(mayCall(holder(nowhere), "/v1")).toBe(false);
  });

  test("lists are written without SERVER_ROOT_PATH", () => {
    const key = holder({ [list]: ["/v1/rerank"] });
    expect(mayCall(key, "/gate/v1/rerank", "/gate/v1/rerank", "/gate")).toBe(true);
    expect(mayCall(key, "/gate/v1/rerank/x", "/gate/v1/rerank", "/gate")).toBe(true);
    expect(mayCall(key, "/gate/v1/embed", "/gate/v1/embed", "/gate")).toBe(false);
    const root = holder({ [list]: ["/gate"] });
    expect(mayCall(root, "/gate/v1/rerank", "/gate/v1/rerank", "/gate")).toBe(false);
    expect(mayCall(root, "/gate/gate/x", "/gate/gate", "/gate")).toBe(true);
  });
});

test("an empty list is no restriction", () => {
  expect(mayCall(holder(), "/v1")).toBe(true);
  expect(mayCall(holder({}, teamRecord()), "/v1")).toBe(true);
});

test("llm_api_routes stands for every route, in allowed_routes", () => {
  expect(mayCall(holder({ allowedRoutes: ["llm_api_routes"] }), "/any/thing")).toBe(true);
  expect(mayCall(holder({ allowedPassThroughRoutes: ["llm_api_routes"] }), "/any")).toBe(false);
});

test("both lists hold", () => {
  const both = holder({ allowedPassThroughRoutes: ["/a", "/b"], allowedRoutes: ["/b", "/c"] });

  expect(["/a", "/b", "/c"].map((path) => mayCall(both, path))).toEqual([false, true, false]);
});

test("the refusal names the list and nothing of what is in it", () => {
  const of = (list: string, principal: Principal) => {
    const detail = detailOf(principal, "/x") ?? "";
    expect(detail).toContain(list);
    expect(detail).not.toContain("/secret");
    return detail;
  };

  const lists = { allowedPassThroughRoutes: ["/secret"] };
  expect(of("allowed_passthrough_routes", holder(lists))).toContain("The key's");
  expect(of("allowed_passthrough_routes", holder({}, teamRecord(lists)))).toContain("Its team's");
  expect(of("allowed_routes", holder({ allowedRoutes: ["/secret"] }))).toContain("The key's");
});
