import { expect, test } from "bun:test";
import { build, onlyRoute, route, routes } from "./load.ts";

const targetOf = (target: string) => onlyRoute(routes(`    - {path: /x, target: "${target}"}\n`));

test.each([
  ["https://api.example", "https://api.example", "/", ""],
  ["https://api.example/", "https://api.example", "/", ""],
  ["HTTPS://API.example:443/V1", "https://api.example", "/V1", ""],
  ["http://api.example:8080/v1/?a=1&a=2", "http://api.example:8080", "/v1/", "a=1&a=2"],
  ["http://[::1]:9000/%2F", "http://[::1]:9000", "/%2F", ""],
  ["tollgate://sample", "http://127.0.0.1:9", "/", ""],
  ["tollgate://sample/sub/path?x=1", "http://127.0.0.1:9", "/sub/path", "x=1"],
])("the target %s is read as its parts", (written, origin, path, query) => {
  expect(targetOf(written).target).toEqual({ origin, path, query });
});

test("people see a target without its query, the sample's by its own name", () => {
  expect(targetOf("https://api.example/v1?key=abc").label).toBe("https://api.example/v1");
  expect(targetOf("tollgate://sample/sub").label).toBe("tollgate://sample/sub");
});

test.each([
  ["unset", undefined, "/x"],
  ["/gateway", "/gateway", "/gateway/x"],
  ["gateway", "gateway", "/gateway/x"],
  ["/a/b/", "/a/b/", "/a/b/x"],
  ["/", "/", "/x"],
])("SERVER_ROOT_PATH %s stands before every path", (_, value, path) => {
  const env: Record<string, string> = value === undefined ? {} : { SERVER_ROOT_PATH: value };

  expect(onlyRoute(route(""), { env }).path).toBe(path);
});

test("a SERVER_ROOT_PATH that is no path is a fault", () => {
  const { faults } = build(route(""), { env: { SERVER_ROOT_PATH: "/a/../b?c" } });

  expect(faults.join()).toContain("SERVER_ROOT_PATH is not a plain path");
});

test("the admin API keeps its paths below SERVER_ROOT_PATH, and only those", () => {
  const yaml = routes("    - {path: /routes, target: https://up.example}\n");

  expect(build(yaml, { env: { SERVER_ROOT_PATH: "gw" } }).faults.join()).toContain(
    "/gw/routes belongs to the admin API",
  );
});

test("a prefix over admin paths is served, with a warning; the root without one", () => {
  const prefix = (path: string) =>
    build(routes(`    - {path: ${path}, target: https://up.example, include_subpath: true}\n`));

  expect(prefix("/config").warnings.join()).toContain("/config/reload");
  expect(prefix("/config").runtime).not.toBeNull();
  expect(prefix("/").warnings).toEqual([]);
});

const own = "own address";
const at = (...addresses: string[]) => ({ addresses, port: 4000 });

test.each([
  ["http://127.0.0.1:4000", at("127.0.0.1"), true],
  ["http://localhost:4000", at("127.0.0.1", "::1"), true],
  ["http://LOCALHOST.:4000", at("127.0.0.1"), true],
  ["http://127.1:4000", at("127.0.0.1"), true],
  ["http://0x7f000001:4000", at("127.0.0.1"), true],
  ["http://[::1]:4000", at("::1"), true],
  ["http://[::ffff:127.0.0.1]:4000", at("127.0.0.1"), true],
  ["http://0.0.0.0:4000", at("127.0.0.1"), true],
  ["http://localhost:4000", at("0.0.0.0"), true],
  ["http://127.0.0.1:4000", at("::"), true],
  ["http://[::]:4000", at("::"), true],
  ["http://gw.example:4000", at("gw.example"), true],
  ["http://localhost", { addresses: ["127.0.0.1"], port: 80 }, true],
  ["https://localhost", { addresses: ["127.0.0.1"], port: 443 }, true],
  ["http://127.0.0.1:4001", at("127.0.0.1"), false],
  ["http://127.0.0.1:4000", { addresses: ["127.0.0.1"], port: 0 }, false],
  ["http://127.0.0.1:0", { addresses: ["127.0.0.1"], port: 0 }, false],
  ["http://10.1.2.3:4000", at("127.0.0.1"), false],
  ["http://192.0.2.7:4000", at("0.0.0.0"), false],
  ["http://api.example:4000", at("0.0.0.0"), false],
])("a target %s with a listener at %o: own listener %p", (target, place, expected) => {
  const { faults } = build(routes(`    - {path: /x, target: "${target}"}\n`), place);

  expect(faults.some((line) => line.includes(own))).toBe(expected);
});

test("methods: an empty list means all, words are upper case", () => {
  expect(onlyRoute(route("      methods: []\n")).methods).toBeNull();
  expect([...(onlyRoute(route("      methods: [get, Post]\n")).methods ?? [])]).toEqual([
    "GET",
    "POST",
  ]);
});

test("an exact path, its prefix and its methods stand side by side, each with its own id", () => {
  const yaml = routes(
    [
      "    - {path: /x, target: https://a.example}",
      "    - {path: /x, target: https://b.example, include_subpath: true}",
      "    - {path: /x, target: https://c.example, methods: [GET]}",
      "    - {path: /x/y, target: https://d.example}",
    ].join("\n"),
  );

  const { faults, routes: served } = build(yaml);

  expect(faults).toEqual([]);
  expect(served.map((one) => one.id)).toEqual(["/x", "/x/*", "GET /x", "/x/y"]);
});

test("every endpoint that an earlier one rivals is told, not the first pair alone", () => {
  const { faults } = build(routes("    - {path: /x, target: https://a.example}\n".repeat(3)));

  expect(faults.map((line) => line.split(" ")[0])).toEqual(["config.yaml:4:8", "config.yaml:5:8"]);
});

test("a path with a star is served literally, with a warning", () => {
  const { warnings, routes: served } = build(
    routes("    - {path: '/x/*', target: https://up.example}\n"),
  );

  expect(served[0]?.path).toBe("/x/*");
  expect(warnings.join()).toContain("For all that is below it use include_subpath: true.");
});

test("a lone surrogate in a query default does not stop a start", () => {
  const { query } = onlyRoute(route('      default_query_params: {a: "\\ud800"}\n'));

  expect(query.defaults).toEqual(["a=%EF%BF%BD"]);
});

test("headers of the connection are left out with a warning, all others are sent literally", () => {
  const yaml = route("      headers: {Host: a, Connection: b, api_token: c, X-Api-Key: d}\n");

  const { warnings, routes: served } = build(yaml);

  expect({ ...served[0]?.headers.fixed }).toEqual({ api_token: "c", "X-Api-Key": "d" });
  expect(warnings.filter((line) => line.includes("belongs to the connection"))).toHaveLength(2);
});
