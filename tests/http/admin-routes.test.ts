import { expect, test } from "bun:test";
import { type Gateway, startGateway } from "../helpers/gateway.ts";
import { rawRequest } from "../helpers/raw-client.ts";
import { startRawUpstream } from "../helpers/raw-upstream.ts";
import { makeCertificate } from "../process/certificate.ts";
import { temporaryFolder } from "../process/program.ts";

const key = "sk-master-key-of-this-test";

const open = ["GET /health/liveliness", "GET /health/liveness", "GET /health/readiness"];
const guarded = ["GET /routes", "GET /health/backlog", "POST /config/reload"];

const config = (upstream: string) => `general_settings:
  master_key: ${key}
  admin_hosts: [Admin.Example.com, a]
  pass_through_endpoints:
    - path: /up
      target: ${upstream}/base?secret=in-query
      include_subpath: true
      headers: { x-api-key: secret-in-header }
    - path: /
      target: ${upstream}
      include_subpath: true
`;

async function start() {
  const upstream = await startRawUpstream();
  const gateway = await startGateway(config(upstream.url));
  return {
    upstream,
    gateway,
    async [Symbol.asyncDispose]() {
      upstream[Symbol.dispose]();
      await gateway[Symbol.asyncDispose]();
    },
  };
}

const ask = ({ port }: Gateway, line: string, headers: readonly string[], host = "localhost") =>
  rawRequest(port, `${[`${line} HTTP/1.1`, `Host: ${host}`, ...headers].join("\r\n")}\r\n\r\n`);

const authorization = [`Authorization: Bearer ${key}`];

test("health answers without a key, under any name, and never goes upstream", async () => {
  await using both = await start();

  for (const line of open) {
    for (const host of ["localhost", "a", "ab", "abc", "some.name:80"]) {
      const reply = await ask(both.gateway, line, [], host);
      expect([line, host, reply.status]).toEqual([line, host, 200]);
    }
  }
  const readiness = await ask(both.gateway, "GET /health/readiness", []);

  expect(JSON.parse(readiness.body.toString())).toEqual({
    status: "healthy",
    version: expect.stringMatching(/^\d+\.\d+\.\d+$/),
  });
  expect(both.upstream.requests).toEqual([]);
});

test("HEAD on health has the headers and no body", async () => {
  await using both = await start();

  for (const line of open) {
    const head = `${line.replace("GET", "HEAD")} HTTP/1.1\r\nHost: localhost\r\n\r\n`;
    const reply = await rawRequest(both.gateway.port, head, { method: "HEAD", lingerMs: 50 });
    expect([line, reply.status, reply.text.endsWith("\r\n\r\n")]).toEqual([line, 200, true]);
  }
});

test("guarded routes answer to the master key alone, however short the Host", async () => {
  await using both = await start();
  const wrong = ["Authorization: Bearer sk-not-the-master-key-here"];
  const ways = [
    authorization,
    [`x-litellm-api-key: ${key}`],
    [`Authorization: ${key}`],
    [`x-litellm-api-key: Bearer ${key}`],
  ];

  for (const line of guarded) {
    expect([line, (await ask(both.gateway, line, [])).status]).toEqual([line, 401]);
    expect([line, (await ask(both.gateway, line, wrong)).status]).toEqual([line, 401]);
    for (const way of ways) {
      expect([line, (await ask(both.gateway, line, way)).status]).toEqual([line, 200]);
    }
    for (const host of ["127.0.0.1", "[::1]", "localhost:4000", "admin.example.com", "a"]) {
      const reply = await ask(both.gateway, line, authorization, host);
      expect([line, host, reply.status]).toEqual([line, host, 200]);
    }
  }
  expect(both.upstream.requests).toEqual([]);
});

test("under a name that is not its own the admin API does not answer, with the key neither", async () => {
  await using both = await start();

  for (const line of guarded) {
    for (const host of ["ab", "abc", "evil.example.com", "localhost.evil.com"]) {
      const reply = await ask(both.gateway, line, authorization, host);
      expect([line, host, reply.status]).toEqual([line, host, 421]);
    }
  }
});

test("without a master key guarded routes say that there is none", async () => {
  await using gateway = await startGateway("{}");

  for (const line of guarded) {
    const reply = await ask(gateway, line, authorization);
    expect([line, reply.status]).toEqual([line, 401]);
    expect(reply.body.toString()).toContain("LITELLM_MASTER_KEY");
  }
});

test("an error of the admin API has the error body, a call id, and says how to show a key", async () => {
  await using both = await start();

  const reply = await ask(both.gateway, "GET /routes", []);

  expect(JSON.parse(reply.body.toString())).toMatchObject({
    error: { type: "key_invalid", param: null, code: "401" },
  });
  expect(reply.values("x-litellm-call-id")[0]).toMatch(/^[0-9a-f-]{36}$/);
  expect(reply.values("www-authenticate")).toEqual(["Bearer"]);
});

test("another method on a path of the admin API is not served, and never goes upstream", async () => {
  await using both = await start();

  for (const line of ["POST /routes", "GET /config/reload", "DELETE /health/liveness"]) {
    expect([line, (await ask(both.gateway, line, authorization)).status]).toEqual([line, 405]);
  }
  const withQuery = await ask(both.gateway, "GET /routes?a=/b?c", authorization);

  expect(withQuery.status).toBe(200);
  expect(both.upstream.requests).toEqual([]);
});

test("/routes shows every route, and no header's value and no target's query", async () => {
  await using both = await start();

  const reply = await ask(both.gateway, "GET /routes", authorization);

  expect(JSON.parse(reply.body.toString())).toEqual({
    routes: [
      expect.objectContaining({ path: "/up", include_subpath: true, headers: ["x-api-key"] }),
      expect.objectContaining({ path: "/", target: expect.stringContaining(both.upstream.url) }),
    ],
  });
  expect(reply.text).not.toMatch(/secret/);
});

test("/health/backlog counts the calls under way", async () => {
  await using both = await start();
  both.upstream.scripts.set("/hang", [{ end: "hang" }]);
  const counted = async () => {
    const reply = await ask(both.gateway, "GET /health/backlog", authorization);
    return JSON.parse(reply.body.toString());
  };

  const before = await counted();
  const calls = Array.from({ length: 3 }, () =>
    fetch(`${both.gateway.url}/hang`, { signal: AbortSignal.timeout(1_000) }).catch(() => null),
  );
  await both.upstream.waitFor(({ target }) => target === "/hang");
  await Bun.sleep(100);
  const during = await counted();
  await Promise.all(calls);
  await Bun.sleep(100);

  expect(before).toEqual({
    in_flight_requests: 0,
    uncaught_errors: 0,
    dropped_log_lines: 0,
    dropped_ledger_rows: 0,
    dropped_logged_bodies: 0,
  });
  expect(during).toMatchObject({ in_flight_requests: 3 });
  expect(await counted()).toMatchObject({ in_flight_requests: 0 });
});

test("SERVER_ROOT_PATH moves the admin API and the routes", async () => {
  using upstream = await startRawUpstream();
  const env = { SERVER_ROOT_PATH: "/llm/" };
  const yaml = config(upstream.url).replace(/ {4}- path: \/\n[^]*$/, "");
  await using gateway = await startGateway(yaml, { env });

  for (const line of [...open, ...guarded]) {
    const moved = line.replace(" /", " /llm/");
    expect([moved, (await ask(gateway, moved, authorization)).status]).toEqual([moved, 200]);
    expect([line, (await ask(gateway, line, authorization)).status]).toEqual([line, 404]);
  }
  expect((await ask(gateway, "GET /llm/up/x", authorization)).status).toBe(200);
  expect(upstream.requests.map(({ target }) => target)).toEqual(["/base/x?secret=in-query"]);
});

test("over TLS the admin API answers too, under short names as well", async () => {
  using folder = temporaryFolder();
  const [cert, certKey] = [folder.file("cert.pem"), folder.file("key.pem")];
  makeCertificate("localhost", cert, certKey);
  const args = ["--tls-cert", cert, "--tls-key", certKey];
  await using gateway = await startGateway(`general_settings: { master_key: ${key} }`, { args });

  for (const host of ["localhost", "a", "ab", "abc"]) {
    const [health, routes] = await Promise.all(
      ["/health/liveness", "/routes"].map((path) =>
        fetch(gateway.url + path, {
          headers: { host, authorization: `Bearer ${key}` },
          tls: { rejectUnauthorized: false },
        }),
      ),
    );
    expect([host, health?.status]).toEqual([host, 200]);
    expect([host, routes?.status]).toEqual([host, host === "localhost" ? 200 : 421]);
  }
});
