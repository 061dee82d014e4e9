import { describe, expect, test } from "bun:test";
import { GatewayError } from "../../src/core/errors.ts";
import { RouteConflict, RouteTable } from "../../src/core/routes.ts";
import { route } from "./route.ts";

const below = (path: string, ...methods: string[]) =>
  route({
    path,
    includeSubpath: true,
    ...(methods.length > 0 ? { methods: new Set(methods) } : {}),
  });
const exact = (path: string, ...methods: string[]) =>
  route({ path, ...(methods.length > 0 ? { methods: new Set(methods) } : {}) });

/** The error that a function throws. */
function thrownBy(act: () => unknown): unknown {
  try {
    act();
  } catch (error) {
    return error;
  }
  throw new Error("it did not throw");
}

function errorOf(act: () => unknown): GatewayError {
  const error = thrownBy(act);
  if (error instanceof GatewayError) return error;
  throw error;
}

describe("match", () => {
  const root = below("/");
  const prefix = below("/v1");
  const longer = below("/v1/a/b");
  const own = exact("/v1/a");
  const table = new RouteTable([root, prefix, own, longer]);

  test.each([
    ["/", root, ""],
    ["/x", root, "/x"],
    ["/v1", prefix, ""],
    ["/v1/", prefix, "/"],
    ["/v1/x", prefix, "/x"],
    ["/v1//a", prefix, "//a"],
    ["/v1/a", own, ""],
    ["/v1/a/", prefix, "/a/"],
    ["/v1/a/x", prefix, "/a/x"],
    ["/v1/a/b", longer, ""],
    ["/v1/a/b/", longer, "/"],
    ["/v1/a/b%2Fc", prefix, "/a/b%2Fc"],
    ["/v1/a/b/c%2Fd", longer, "/c%2Fd"],
    ["/v1x", root, "/v1x"],
    ["/V1", root, "/V1"],
    ["//v1", root, "//v1"],
  ] as const)("%s", (path, expected, subpath) => {
    const match = table.match("GET", path);

    expect(match.route).toBe(expected);
    expect(match.subpath).toBe(subpath);
  });

  test("no route is route_not_found", () => {
    const small = new RouteTable([exact("/a"), below("/b")]);

    for (const path of ["/", "/c", "/a/", "/a/b", "/bb", ""]) {
      expect([path, errorOf(() => small.match("GET", path)).code]).toEqual([
        path,
        "route_not_found",
      ]);
    }
  });

  test("names of object members are no routes", () => {
    const small = new RouteTable([exact("/a")]);

    for (const path of ["/__proto__", "__proto__", "/constructor", "constructor", "toString"]) {
      expect(errorOf(() => small.match("GET", path)).code).toBe("route_not_found");
    }
  });

  test("thousands of segments take no time", () => {
    const startedAt = performance.now();

    expect(table.match("GET", `/v1${"/x".repeat(30_000)}`).route).toBe(prefix);
    expect(performance.now() - startedAt).toBeLessThan(500);
  });
});

describe("methods", () => {
  test("of routes on one path the one that names the method is taken, in any order", () => {
    const any = exact("/a");
    const posts = exact("/a", "POST", "PUT");

    for (const table of [new RouteTable([any, posts]), new RouteTable([posts, any])]) {
      expect(table.match("POST", "/a").route).toBe(posts);
      expect(table.match("GET", "/a").route).toBe(any);
    }
  });

  test("the most specific path decides, also where it takes other methods", () => {
    const table = new RouteTable([below("/"), below("/v1", "GET"), exact("/v1/a", "PUT")]);

    expect(errorOf(() => table.match("POST", "/v1/x")).code).toBe("method_not_allowed");
    expect(errorOf(() => table.match("GET", "/v1/a")).headers["allow"]).toBe("PUT");
    expect(table.match("POST", "/v2").route.path).toBe("/");
  });

  test("a 405 names all methods of the path", () => {
    const table = new RouteTable([exact("/a", "PUT"), exact("/a", "GET"), below("/a", "POST")]);

    const error = errorOf(() => table.match("DELETE", "/a"));

    expect(error.headers["allow"]?.split(", ").toSorted()).toEqual(["GET", "POST", "PUT"]);
  });

  test("methods compare as they are", () => {
    const table = new RouteTable([exact("/a", "GET")]);

    expect(errorOf(() => table.match("get", "/a")).code).toBe("method_not_allowed");
  });

  test("TRACE is served by none", () => {
    for (const one of [exact("/a"), exact("/a", "TRACE", "GET"), below("/a")]) {
      const error = errorOf(() => new RouteTable([one]).match("TRACE", "/a"));

      expect(error.code).toBe("method_not_allowed");
      expect(error.headers["allow"]).toContain("GET");
      expect(error.headers["allow"]).not.toContain("TRACE");
    }
  });
});

describe("conflicts", () => {
  test.each([
    ["the same path", exact("/a"), exact("/a")],
    ["the same prefix", below("/a"), below("/a")],
    ["a method in common", exact("/a", "GET", "PUT"), exact("/a", "PUT")],
  ])("%s: both are named", (_, first, second) => {
    const error = thrownBy(() => new RouteTable([first, second]));

    expect(error).toBeInstanceOf(RouteConflict);
    if (!(error instanceof RouteConflict)) return;
    expect(error.first).toBe(first);
    expect(error.second).toBe(second);
  });

  test.each([
    ["exact and prefix", exact("/a"), below("/a")],
    ["a method and all", exact("/a", "GET"), exact("/a")],
    ["other methods", exact("/a", "GET"), exact("/a", "PUT")],
    ["another case", exact("/a"), exact("/A")],
    ["a last slash", exact("/a"), exact("/a/")],
  ])("%s is none", (_, first, second) => {
    expect(new RouteTable([first, second]).all).toEqual([first, second]);
  });
});
