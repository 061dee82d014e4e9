import { expect, test } from "bun:test";
import { routeFor } from "../../src/ui/pages/test/route-match.ts";
import { sampleCallOf } from "../../src/ui/sample-call.ts";

const route = {
  path: "/x",
  target: "https://api.example.com",
  methods: null,
  include_subpath: true,
  headers: [],
};

test.each([
  [
    { path: "/openai", target: "https://api.openai.com" },
    "/openai/v1/chat/completions",
    "messages",
  ],
  [
    { path: "/openai", target: "https://api.openai.com/v1" },
    "/openai/chat/completions",
    "messages",
  ],
  [{ path: "/s", target: "tollgate://sample" }, "/s/v1/chat/completions", "messages"],
  [{ path: "/s", target: "tollgate://sample/v1/embeddings" }, "/s", "input"],
  [
    { path: "/bria", target: "https://engine.prod.bria-api.com" },
    "/bria/v1/text-to-image/base/2.3",
    "prompt",
  ],
  [{ path: "/bria", target: "http://127.0.0.1:9/x/y" }, "/bria/v1/chat/completions", "messages"],
  [{ path: "/bria", target: "https://mine.example" }, "/bria/v1/text-to-image/base/2.3", "prompt"],
  [{ path: "/v1/rerank", target: "https://api.cohere.com/v1/rerank" }, "/v1/rerank", "documents"],
  [{ path: "/cohere", target: "https://api.cohere.com" }, "/cohere/v1/rerank", "documents"],
  [{ path: "/c", target: "https://api.anthropic.com/" }, "/c/v1/messages", "max_tokens"],
])("%o is tried at %s", (parts, path, member) => {
  const call = sampleCallOf({ ...route, ...parts });

  expect(call.path).toBe(path);
  expect(call.method).toBe("POST");
  expect(JSON.parse(call.body ?? "")).toHaveProperty(member);
});

test("Bria's is the body of its documentation", () => {
  const call = sampleCallOf({
    ...route,
    path: "/bria",
    target: "https://engine.prod.bria-api.com",
  });

  expect(JSON.parse(call.body ?? "")).toEqual({ prompt: "a book", num_results: 2, sync: true });
});

test("an API that nobody knows gets an empty object at the route's own path", () => {
  expect(sampleCallOf(route)).toEqual({ method: "POST", path: "/x", headers: [], body: "{}" });
});

test("a route without its sub-paths is tried at its own path", () => {
  const call = sampleCallOf({ ...route, target: "https://api.openai.com", include_subpath: false });

  expect(call.path).toBe("/x");
});

test("a route that takes no POST is tried with what it takes", () => {
  const call = sampleCallOf({ ...route, methods: ["GET"] });

  expect(call).toMatchObject({ method: "GET", body: null });
});

test("a header that the route sends by itself is not suggested", () => {
  const anthropic = { ...route, target: "https://api.anthropic.com" };

  expect(sampleCallOf(anthropic).headers).toEqual([["anthropic-version", "2023-06-01"]]);
  expect(sampleCallOf({ ...anthropic, headers: ["Anthropic-Version"] }).headers).toEqual([]);
});

test("the form names the route that will serve a path", () => {
  const of = (
    path: string,
    include_subpath: boolean,
    methods: readonly string[] | null = null,
  ) => ({
    path,
    include_subpath,
    methods,
  });
  const routes = [of("/a", true), of("/a/b", true), of("/a/b", false, ["GET"]), of("/c", false)];

  expect(routeFor(routes, "POST", "/a/x?y=/a/b")).toBe(routes[0]!);
  expect(routeFor(routes, "POST", "/a/b/c")).toBe(routes[1]!);
  expect(routeFor(routes, "GET", "/a/b")).toBe(routes[2]!);
  expect(routeFor(routes, "GET", "/c/d")).toBeNull();
  expect(routeFor(routes, "GET", "/ab")).toBeNull();
});
