import { afterAll, describe, expect, test } from "bun:test";
import { startGateway } from "../helpers/gateway.ts";
import { rawRequest } from "../helpers/raw-client.ts";
import { startRawUpstream } from "../helpers/raw-upstream.ts";
import { config, errorType, get, lastOf, request, readingFor } from "./wire.ts";

const upstream = await startRawUpstream();
const to = (target: string) => `target: "${upstream.url}${target}"`;
const gateway = await startGateway(
  config([
    `path: /v1/rerank, ${to("/exact")}`,
    `path: /v1, ${to("/v1-prefix")}, include_subpath: true`,
    `path: /v1/rerank/deep, ${to("/deep")}, include_subpath: true`,
    `path: /v1/restricted, ${to("/restricted")}, methods: [GET, delete]`,
    `path: /both, ${to("/both-any")}`,
    `path: /both, ${to("/both-post")}, methods: [POST]`,
    `path: /both, ${to("/both-put")}, methods: [PUT, PATCH]`,
    `path: /mixed, ${to("/mixed-exact")}, methods: [GET]`,
    `path: /mixed, ${to("/mixed-below")}, include_subpath: true`,
    `path: /slash/, ${to("/slash/")}, include_subpath: true`,
    `path: /exact-slash/, ${to("/exact-slash")}`,
    `path: /host, ${to("")}, include_subpath: true`,
  ]),
);
const rooted = await startGateway(
  config([
    `path: /, ${to("/root")}, include_subpath: true`,
    `path: /a/b, ${to("/ab")}, include_subpath: true`,
  ]),
);

afterAll(async () => {
  await gateway[Symbol.asyncDispose]();
  await rooted[Symbol.asyncDispose]();
  upstream[Symbol.dispose]();
});

async function up(path: string, method = "GET", port = gateway.port): Promise<string> {
  const reply = await rawRequest(port, request(`${method} ${path}`), readingFor(method));
  return reply.status === 200 ? (await lastOf(upstream)).target : String(reply.status);
}

describe("which route", () => {
  test("exact goes before prefix", async () => {
    expect(await up("/v1/rerank")).toBe("/exact");
    expect(await up("/v1/other")).toBe("/v1-prefix/other");
  });

  test("an exact route serves nothing below it", async () => {
    expect(await up("/v1/rerank/x")).toBe("/v1-prefix/rerank/x");
    expect(await up("/v1/rerank/")).toBe("/v1-prefix/rerank/");
    expect(await up("/both/x")).toBe("404");
    expect(await up("/both/")).toBe("404");
  });

  test("the longest prefix goes first", async () => {
    expect(await up("/v1/rerank/deep/x")).toBe("/deep/x");
    expect(await up("/v1/rerank/deep")).toBe("/deep");
    expect(await up("/v1/rerank/deeper")).toBe("/v1-prefix/rerank/deeper");
  });

  test("the one that names the method goes first", async () => {
    expect(await up("/both", "POST")).toBe("/both-post");
    expect(await up("/both", "PATCH")).toBe("/both-put");
    expect(await up("/both", "GET")).toBe("/both-any");
    expect(await up("/both", "OPTIONS")).toBe("/both-any");
    expect(await up("/both", "HEAD")).toBe("/both-any");
  });

  test("an exact route for one method leaves the others to the prefix on its path", async () => {
    expect(await up("/mixed", "GET")).toBe("/mixed-exact");
    expect(await up("/mixed", "POST")).toBe("/mixed-below");
    expect(await up("/mixed/x", "GET")).toBe("/mixed-below/x");
  });

  test.each(["/V1/rerank", "/v1rerank", "/v", "/%76%31/rerank", "/nothing", "/", "/v1x/rerank"])(
    "%s is served by none",
    async (path) => {
      const reply = await rawRequest(gateway.port, get(path));

      expect(reply.status).toBe(404);
      expect(errorType(reply)).toBe("route_not_found");
    },
  );
});

describe("methods", () => {
  test.each(["POST", "PUT", "HEAD", "OPTIONS", "PROPFIND"])(
    "%s is a 405 where the route names others",
    async (method) => {
      const before = upstream.requests.length;

      const reply = await rawRequest(
        gateway.port,
        request(`${method} /v1/restricted`),
        readingFor(method),
      );

      expect(reply.status).toBe(405);
      expect(reply.values("allow").join()).toBe("GET, DELETE");
      expect(reply.values("x-litellm-call-id").length).toBe(1);
      expect(upstream.requests.length).toBe(before);
    },
  );

  test("the methods that are named pass", async () => {
    expect(await up("/v1/restricted", "GET")).toBe("/restricted");
    expect(await up("/v1/restricted", "DELETE")).toBe("/restricted");
  });

  test.each(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "PROPFIND", "PURGE"])(
    "%s passes where none is named",
    async (method) => {
      expect(await up("/v1/x", method)).toBe("/v1-prefix/x");
      expect((await lastOf(upstream)).method).toBe(method);
    },
  );

  test.each(["/v1/x", "/v1/restricted", "/both", "/v1/rerank"])(
    "TRACE is a 405 everywhere: %s",
    async (path) => {
      const before = upstream.requests.length;

      const reply = await rawRequest(gateway.port, request(`TRACE ${path}`));

      expect(reply.status).toBe(405);
      expect(upstream.requests.length).toBe(before);
    },
  );
});

describe("sub-paths", () => {
  test("the bare path and what is below it work at once", async () => {
    expect(await up("/v1")).toBe("/v1-prefix");
    expect(await up("/v1/")).toBe("/v1-prefix/");
    expect(await up("/v1/a/b/")).toBe("/v1-prefix/a/b/");
  });

  test("a route written with a last slash serves the same", async () => {
    expect(await up("/slash")).toBe("/slash/");
    expect(await up("/slash/")).toBe("/slash/");
    expect(await up("/slash/a")).toBe("/slash/a");
  });

  test("an exact route serves its own spelling alone", async () => {
    expect(await up("/exact-slash/")).toBe("/exact-slash");
    expect(await up("/exact-slash")).toBe("404");
  });

  test("a target without a path is /", async () => {
    expect(await up("/host")).toBe("/");
    expect(await up("/host/a/b?c")).toBe("/a/b?c");
  });

  test.each(["a%2Fb", "a//b", "%e2%82%ac", "a;v=1/b", "@x", "v1/m:gen", "a%3Fb", "%zz", "a%20b"])(
    "bytes are kept: %s",
    async (sub) => {
      expect(await up(`/v1/${sub}`)).toBe(`/v1-prefix/${sub}`);
    },
  );

  test.each(["..%2fx", "%2e%2e%2fx", "a/..%5cx", ".%2E%5C.."])(
    "one that could climb is refused: %s",
    async (sub) => {
      const before = upstream.requests.length;

      expect(await up(`/v1/${sub}`)).toBe("400");
      expect(upstream.requests.length).toBe(before);
    },
  );

  test.each(["/v1/../x", "/v1/%2e%2e/x", "/v1/a/../../x"])(
    "one that has climbed is another path: %s",
    async (path) => {
      expect(await up(path)).toBe("404");
    },
  );
});

describe("path: /", () => {
  test("serves all that no other route does", async () => {
    expect(await up("/", "GET", rooted.port)).toBe("/root");
    expect(await up("/x", "GET", rooted.port)).toBe("/root/x");
    expect(await up("/a", "GET", rooted.port)).toBe("/root/a");
    expect(await up("/a/b/c", "GET", rooted.port)).toBe("/ab/c");
    expect(await up("/a/bc", "GET", rooted.port)).toBe("/root/a/bc");
    expect(await up("//x//y", "GET", rooted.port)).toBe("/root//x//y");
  });

  test("leaves the admin API alone", async () => {
    const before = upstream.requests.length;

    const health = await rawRequest(rooted.port, get("/health/liveliness"));
    const routes = await rawRequest(rooted.port, get("/routes"));

    expect(health.body.toString()).toBe("I'm alive!");
    expect(routes.status).toBe(401);
    expect(upstream.requests.length).toBe(before);
  });

  test.each(["a", "ab", "abc", "g:1", "localhost", "a.very.long.host.example:65535"])(
    "routing does not depend on Host: %s",
    async (host) => {
      for (const path of ["/v1/rerank", "/v1/other", "/health/liveliness/x", "/routes/x"]) {
        const reply = await rawRequest(
          rooted.port,
          get(path, `Host: ${host}`, "Authorization: none"),
        );
        const expected = host === "localhost" ? 200 : 401;
        expect([path, reply.status]).toEqual([path, expected]);
      }
    },
  );
});
