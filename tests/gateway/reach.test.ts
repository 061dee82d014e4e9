import { afterAll, describe, expect, test } from "bun:test";
import { startGateway } from "../helpers/gateway.ts";
import { type RawReply, rawRequest } from "../helpers/raw-client.ts";
import { adminOf } from "./admin.ts";
import { makeCertificates } from "./certificates.ts";
import { listen } from "./reach-listeners.ts";
import { mayUnshare, startNameServer } from "./reach-names.ts";
import { config, errorType, get, masterKey } from "./wire.ts";

/** So long a name's answer counts, and a little. */
const answersForMs = 10_300;

const certificates = makeCertificates();
afterAll(() => certificates[Symbol.dispose]());

test.if(process.env["CI"] === "true")("CI can give the gateway a name server", () => {
  expect(mayUnshare).toBe(true);
});

describe.if(mayUnshare)("a target made through the API, by name", () => {
  test("is connected to at the address that was checked, and no longer once it is another", async () => {
    await using house = await startHouse();
    const { names, gateway, allowed, forbidden } = house;
    names.set("api.example.test", ["127.0.0.2"]);
    await house.make("/named", `http://api.example.test:${allowed.port}/v1`);

    const first = await house.call("/named");
    names.set("api.example.test", ["127.0.0.1"]);
    const askedBefore = names.asked("api.example.test");
    const within = await Promise.all(Array.from({ length: 20 }, () => house.call("/named")));

    expect([first.status, first.body.toString()]).toEqual([200, "127.0.0.2"]);
    expect(within.map((reply) => reply.body.toString())).toEqual(Array(20).fill("127.0.0.2"));
    expect(askedBefore).toBe(1);
    expect(names.asked("api.example.test")).toBe(1);
    expect(allowed.heads[0]).toMatch(/^GET \/v1 HTTP\/1\.1\r\n/);
    expect(hostsOf(allowed.heads)).toEqual([`api.example.test:${allowed.port}`]);

    await Bun.sleep(answersForMs);
    const seen = allowed.heads.length;
    const after = await Promise.all(Array.from({ length: 5 }, () => house.call("/named")));

    expect(after.map(({ status }) => status)).toEqual(Array(5).fill(502));
    expect(after.map(errorType)).toEqual(Array(5).fill("upstream_not_allowed"));
    expect(after[0]?.text).not.toMatch(/127\.0\.0|example\.test/);
    expect(names.asked("api.example.test")).toBe(2);
    expect(allowed.heads.length).toBe(seen);
    expect(forbidden.connections()).toBe(0);
    const line = await gateway.waitForLine(({ error }) => error === "upstream_not_allowed");
    expect(JSON.stringify(line)).toContain("127.0.0.1 is private");
  }, 30_000);

  test("is refused where only one of its addresses is", async () => {
    await using house = await startHouse();
    await house.make("/mixed", `http://mixed.example.test:${house.allowed.port}/`);
    house.names.set("mixed.example.test", ["127.0.0.2", "127.0.0.1"]);

    const reply = await house.call("/mixed");
    const tried = await house.tryOut("/mixed");

    expect([reply.status, errorType(reply)]).toEqual([502, "upstream_not_allowed"]);
    expect(tried).toContain("upstream_not_allowed");
    expect(house.allowed.connections() + house.forbidden.connections()).toBe(0);
  });

  test("keeps its connection from call to call", async () => {
    await using house = await startHouse();
    house.names.set("api.example.test", ["127.0.0.2"]);
    await house.make("/named", `http://api.example.test:${house.allowed.port}/`);

    for (let n = 0; n < 5; n++) expect((await house.call("/named")).status).toBe(200);

    expect(house.allowed.connections()).toBe(1);
  });

  test("is reached at its other address where one takes no connection", async () => {
    await using house = await startHouse();
    house.names.set("two.example.test", ["127.0.0.3", "127.0.0.2"]);
    await house.make("/two", `http://two.example.test:${house.allowed.port}/`);

    for (let n = 0; n < 3; n++) expect((await house.call("/two")).status).toBe(200);
  });

  test("is not made where the name is private already", async () => {
    await using house = await startHouse();
    house.names.set("inside.example.test", ["127.0.0.1"]);

    const made = house.make("/inside", `http://inside.example.test:${house.forbidden.port}/`);

    await expect(made).rejects.toThrow(/: 400 .*public/);
    expect((await house.call("/inside")).status).toBe(404);
    expect(house.forbidden.connections()).toBe(0);
  });

  test("that nobody knows is made, and its calls end with 502", async () => {
    await using house = await startHouse();
    await house.make("/later", "http://later.example.test/");

    const reply = await house.call("/later");

    expect([reply.status, errorType(reply)]).toEqual([502, "upstream_dns"]);
  });

  test("whose name server is silent ends at connect_timeout", async () => {
    await using house = await startHouse();
    house.names.set("silent.example.test", null);
    await house.make("/silent", "http://silent.example.test/", { connect_timeout: 1 });

    const startedAt = performance.now();
    const reply = await house.call("/silent");

    expect([reply.status, errorType(reply)]).toEqual([504, "upstream_connect_timeout"]);
    expect(Math.abs(performance.now() - startedAt - 1_000)).toBeLessThan(500);
  }, 20_000);

  test("is never the gateway itself, though private targets are allowed", async () => {
    await using probe = await listen("127.0.0.1");
    const { port } = probe;
    await probe[Symbol.asyncDispose]();
    await using house = await startHouse("true", ["--port", String(port)]);
    await house.make("/loop", `http://self.example.test:${port}/health/liveliness`);
    house.names.set("self.example.test", ["127.0.0.1"]);

    const reply = await house.call("/loop");

    expect([reply.status, errorType(reply)]).toEqual([502, "upstream_not_allowed"]);
  });
});

describe.if(mayUnshare)("over TLS", () => {
  test("the certificate is checked against the name, at the address that was checked", async () => {
    await using named = await listen("127.0.0.2", { certificate: certificates.otherName });
    await using house = await startHouse("[127.0.0.2]");
    house.names.set("api.example.test", ["127.0.0.2"]);
    house.names.set("wrong.example.test", ["127.0.0.2"]);
    await house.make("/right", `https://api.example.test:${named.port}/`);
    await house.make("/wrong", `https://wrong.example.test:${named.port}/`);
    await house.make("/address", `https://127.0.0.2:${named.port}/`);

    for (let n = 0; n < 3; n++) {
      const right = await house.call("/right");
      expect([right.status, right.body.toString()]).toEqual([200, "127.0.0.2"]);
      for (const path of ["/wrong", "/address"]) {
        const reply = await house.call(path);
        expect([reply.status, errorType(reply)]).toEqual([502, "upstream_tls"]);
      }
    }
    expect(hostsOf(named.heads)).toEqual([`api.example.test:${named.port}`]);
  });

  test("tls.server_name is the name that is asked for and checked", async () => {
    await using named = await listen("127.0.0.2", { certificate: certificates.otherName });
    await using house = await startHouse("[127.0.0.2]");
    house.names.set("front.example.test", ["127.0.0.2"]);
    await house.make("/front", `https://front.example.test:${named.port}/`, {
      tls: { server_name: "api.example.test" },
    });

    const reply = await house.call("/front");

    expect(reply.status).toBe(200);
    expect(hostsOf(named.heads)).toEqual([`front.example.test:${named.port}`]);
  });
});

describe.if(mayUnshare)("a redirect", () => {
  test("to the metadata service is the client's to follow", async () => {
    const location = "http://169.254.169.254/latest/meta-data/";
    await using upstream = await listen("127.0.0.2", {
      head: `HTTP/1.1 302 Found\r\nLocation: ${location}`,
    });
    await using house = await startHouse();
    house.names.set("api.example.test", ["127.0.0.2"]);
    await house.make("/moved", `http://api.example.test:${upstream.port}/`);

    const reply = await house.call("/moved");

    expect(reply.status).toBe(302);
    expect(reply.text.toLowerCase()).toContain(`location: ${location}`);
    expect(upstream.heads).toHaveLength(1);
  });
});

/** A gateway with a name server of its own, and two listeners on one port: 127.0.0.2, which it may reach (and 127.0.0.3), and 127.0.0.1. */
async function startHouse(setTo = "[127.0.0.2/31]", args: readonly string[] = []) {
  await using parts = new AsyncDisposableStack();
  const names = parts.use(await startNameServer("127.0.0.79"));
  const forbidden = parts.use(await listen("127.0.0.1"));
  const allowed = parts.use(await listen("127.0.0.2", { port: forbidden.port }));
  const yaml = config([], `master_key: ${masterKey}`, `allow_private_targets: ${setTo}`);
  const options = {
    ...names.options,
    args,
    env: { NODE_EXTRA_CA_CERTS: certificates.authority.certFile },
  };
  const gateway = parts.use(await startGateway(yaml, options));
  const { post } = adminOf(gateway.url);
  const all = parts.move();
  return {
    names,
    gateway,
    allowed,
    forbidden,
    make: (path: string, target: string, more: object = {}) =>
      post("/config/pass_through_endpoint", { path, target, ...more }),
    call: (path: string): Promise<RawReply> =>
      rawRequest(gateway.port, get(path, `Authorization: Bearer ${masterKey}`), {
        timeoutMs: 8_000,
      }),
    /** As the page does it: what is told of the call, as text. */
    tryOut: async (path: string): Promise<string> => {
      const order = { method: "GET", path, headers: [], key: { kind: "master" } };
      const reply = await fetch(`${gateway.url}/ui/test`, {
        method: "POST",
        headers: {
          authorization: `Bearer ${masterKey}`,
          "x-tollgate-test": Buffer.from(JSON.stringify(order)).toString("base64url"),
        },
      });
      return reply.text();
    },
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  };
}

function hostsOf(heads: readonly string[]): string[] {
  return [...new Set(heads.map((head) => /^host: (.*)$/im.exec(head)?.[1] ?? "none"))];
}
