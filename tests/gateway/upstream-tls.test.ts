import { afterAll, describe, expect, test } from "bun:test";
import { startGateway } from "../helpers/gateway.ts";
import { rawRequest } from "../helpers/raw-client.ts";
import { type Certificate, makeCertificates } from "./certificates.ts";
import { config, errorType, post } from "./wire.ts";

const certificates = makeCertificates();
const { authority, valid, selfSigned, otherName, expired, client } = certificates;
const servers = {
  valid: serve(valid),
  selfSigned: serve(selfSigned),
  otherName: serve(otherName),
  expired: serve(expired),
  mutual: serve(valid, authority.cert),
};
const to = (path: string, port: number, tls = "{}", host = "localhost") =>
  `path: ${path}, target: "https://${host}:${port}/", auth: false, tls: ${tls}`;
const ca = `ca: "${authority.certFile}"`;
const own = `cert: "${client.certFile}", key: "${client.keyFile}"`;

const gateway = await startGateway(
  config([
    to("/valid", servers.valid.port, `{ ${ca} }`),
    to("/by-address", servers.valid.port, `{ ${ca} }`, "127.0.0.1"),
    to("/untrusted", servers.valid.port),
    `path: /no-tls-key, target: "https://localhost:${servers.valid.port}/", auth: false`,
    to("/self-signed", servers.selfSigned.port),
    to("/self-signed-trusted", servers.selfSigned.port, `{ ca: "${selfSigned.certFile}" }`),
    to("/self-signed-unverified", servers.selfSigned.port, "{ verify: false }"),
    to("/other-name", servers.otherName.port, `{ ${ca} }`),
    to("/other-name-named", servers.otherName.port, `{ ${ca}, server_name: api.example.test }`),
    to("/valid-named", servers.valid.port, `{ ${ca}, server_name: api.example.test }`),
    to("/expired", servers.expired.port, `{ ${ca} }`),
    to("/expired-unverified", servers.expired.port, "{ verify: false }"),
    to("/mutual", servers.mutual.port, `{ ${ca}, ${own} }`),
    to("/mutual-without", servers.mutual.port, `{ ${ca} }`),
    `path: /plain-port, target: "https://localhost:${startPlain()}/", auth: false`,
  ]),
);

afterAll(async () => {
  await gateway[Symbol.asyncDispose]();
  for (const { stop } of Object.values(servers)) stop();
  certificates[Symbol.dispose]();
});

async function call(path: string) {
  const answered = await rawRequest(gateway.port, post(path, "a secret body"));
  return { status: answered.status, text: answered.body.toString(), answered };
}

describe("a certificate that is trusted", () => {
  test.each([
    ["/valid", "of tls.ca"],
    ["/by-address", "of tls.ca, for an address"],
    ["/self-signed-trusted", "self-signed and named by tls.ca"],
    ["/other-name-named", "for the name in tls.server_name"],
    ["/self-signed-unverified", "with tls.verify: false"],
    ["/expired-unverified", "expired, with tls.verify: false"],
    ["/mutual", "asking for ours"],
  ])("%s: %s", async (path) => {
    const { status, text } = await call(path);

    expect([status, text]).toEqual([200, "a secret body"]);
  });
});

describe("any other is a 502, and not a byte of the call goes up", () => {
  test.each([
    ["/untrusted", "valid", /issuer|chain/],
    ["/no-tls-key", "valid", /issuer|chain/],
    ["/self-signed", "selfSigned", /self-signed/],
    ["/other-name", "otherName", /another name/],
    ["/valid-named", "valid", /another name/],
    ["/expired", "expired", /expired/],
  ] as const)("%s", async (path, server, reason) => {
    const before = servers[server].requests();

    const { status, text, answered } = await call(path);

    expect([status, errorType(answered)]).toEqual([502, "upstream_tls"]);
    expect(text).toMatch(reason);
    expect(text).not.toMatch(/localhost|127\.0\.0\.1|example\.test/);
    expect(servers[server].requests()).toBe(before);
  });

  test("one route's trust is not another's, also where a connection is pooled", async () => {
    for (let n = 0; n < 5; n++) {
      const statuses: number[] = [];
      for (const path of ["/valid", "/untrusted", "/valid-named", "/valid"]) {
        statuses.push((await call(path)).status);
      }
      expect(statuses).toEqual([200, 502, 502, 200]);
    }
    expect((await call("/self-signed-unverified")).status).toBe(200);
    expect((await call("/self-signed")).status).toBe(502);
  });

  test("an upstream that wants ours and gets none", async () => {
    const before = servers.mutual.requests();

    const { status } = await call("/mutual-without");

    expect(status).toBe(502);
    expect(servers.mutual.requests()).toBe(before);
  });

  test("an upstream that speaks no TLS", async () => {
    const { status, text } = await call("/plain-port");

    expect(status).toBe(502);
    expect(text).not.toContain("localhost");
  });

  test("an upstream of TLS 1.1 alone", async () => {
    await using old = await startOldTls(valid);
    await using gate = await startGateway(config([to("/old", old.port, `{ ${ca} }`)]));

    const answered = await rawRequest(gate.port, post("/old", "{}"));

    expect(answered.status).toBe(502);
  });
});

/** Echoes; with `clientCa` only to those who show a certificate of it. */
function serve({ cert, key }: Certificate, clientCa?: string) {
  let requests = 0;
  const mutual =
    clientCa === undefined ? {} : { ca: clientCa, requestCert: true, rejectUnauthorized: true };
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    tls: { cert, key, ...mutual },
    fetch: async (request) => {
      requests += 1;
      return new Response(await request.text());
    },
  });
  return {
    port: server.port ?? 0,
    requests: () => requests,
    stop: () => void server.stop(true),
  };
}

function startPlain(): number {
  const server = Bun.serve({ hostname: "127.0.0.1", port: 0, fetch: () => new Response("plain") });
  server.unref();
  return server.port ?? 0;
}

async function startOldTls({ certFile, keyFile }: Certificate) {
  const child = Bun.spawn(
    `openssl s_server -accept 127.0.0.1:0 -cert ${certFile} -key ${keyFile} -tls1_1 -cipher ALL:@SECLEVEL=0 -www`.split(
      " ",
    ),
    { stdin: "ignore", stdout: "pipe", stderr: "ignore" },
  );
  let text = "";
  for await (const bytes of child.stdout) {
    text += new TextDecoder().decode(bytes);
    if (/ACCEPT \S+:\d+/.test(text)) break;
  }
  return {
    port: Number(/ACCEPT \S+:(\d+)/.exec(text)?.[1]),
    async [Symbol.asyncDispose]() {
      child.kill();
      await child.exited;
    },
  };
}
