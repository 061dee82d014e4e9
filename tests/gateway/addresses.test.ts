import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { startGateway } from "../helpers/gateway.ts";
import { rawRequest } from "../helpers/raw-client.ts";
import { startRawUpstream } from "../helpers/raw-upstream.ts";
import { config, errorType, get, masterKey } from "./wire.ts";

async function start(...settings: string[]) {
  const upstream = await startRawUpstream();
  const gateway = await startGateway(
    config([`path: /open, target: "${upstream.url}/", auth: false`], ...settings),
  );
  return {
    upstream,
    async status(...lines: string[]) {
      return (await rawRequest(gateway.port, get("/open", ...lines))).status;
    },
    request: (bytes: Buffer) => rawRequest(gateway.port, bytes),
    async [Symbol.asyncDispose]() {
      await gateway[Symbol.asyncDispose]();
      upstream[Symbol.dispose]();
    },
  };
}

describe("allowed_ips", () => {
  test.each(["127.0.0.1", "127.0.0.0/8", "0.0.0.0/0"])("%s lets this machine in", async (range) => {
    await using gate = await start(`allowed_ips: ["10.9.8.7", "${range}"]`);

    expect(await gate.status()).toBe(200);
  });

  test("everybody else is a 403, and nothing goes up", async () => {
    await using gate = await start(
      `allowed_ips: ["10.0.0.0/8", "::1"]`,
      `master_key: ${masterKey}`,
    );

    const reply = await gate.request(get("/open", `Authorization: Bearer ${masterKey}`));
    const admin = await gate.request(get("/routes", `Authorization: Bearer ${masterKey}`));

    expect([reply.status, admin.status]).toEqual([403, 403]);
    expect(errorType(reply)).toBe("address_not_allowed");
    expect(gate.upstream.requests.length).toBe(0);
  });

  test("what X-Forwarded-For says does not count", async () => {
    await using gate = await start(`allowed_ips: ["10.0.0.0/8"]`);

    expect(await gate.status("X-Forwarded-For: 10.1.2.3")).toBe(403);
    expect(await gate.status("X-Real-IP: 10.1.2.3", "Forwarded: for=10.1.2.3")).toBe(403);
  });
});

describe("trusted_proxies", () => {
  let gate: Awaited<ReturnType<typeof start>>;
  beforeAll(async () => {
    gate = await start(
      `allowed_ips: ["10.0.0.0/8", "2001:db8::/32"]`,
      `trusted_proxies: ["127.0.0.1", "192.168.0.0/16"]`,
    );
  });
  afterAll(() => gate[Symbol.asyncDispose]());

  test.each([
    ["its word counts", "10.1.2.3", 200],
    ["for IPv6 too", "2001:db8::7", 200],
    ["an address that may not call", "11.1.2.3", 403],
    ["the last one counts", "11.1.2.3, 10.1.2.3", 200],
    ["what a client wrote before it does not", "10.1.2.3, 11.1.2.3", 403],
    ["trusted proxies in between are skipped", "10.1.2.3, 192.168.7.7", 200],
    ["an untrusted one in between is not", "10.1.2.3, 172.16.0.1, 192.168.7.7", 403],
    ["a port is not part of it", "10.1.2.3:4711", 200],
    ["of an address that may not call either", "11.1.2.3:4711", 403],
    ["IPv6 with a port", "[2001:db8::7]:443", 200],
    ["IPv6 in brackets", "[2001:db8::7]", 200],
    ["IPv4 written as IPv6", "::ffff:10.1.2.3", 200],
    ["and one that may not call", "[::ffff:11.1.2.3]:1", 403],
    ["a trusted proxy with a port is skipped", "10.1.2.3:1, 192.168.7.7:2", 200],
    ["spaces do not matter", "  10.1.2.3  ", 200],
    ["nobody is named", "", 403],
    ["trusted ones alone are not allowed ones", "192.168.7.7", 403],
  ])("%s", async (_, hops, status) => {
    expect(await gate.status(`X-Forwarded-For: ${hops}`)).toBe(status);
  });

  test("several lines are one list", async () => {
    expect(await gate.status("X-Forwarded-For: 11.1.1.1", "X-Forwarded-For: 10.1.2.3")).toBe(200);
    expect(await gate.status("X-Forwarded-For: 10.1.2.3", "X-Forwarded-For: 11.1.1.1")).toBe(403);
  });

  test.each([
    "unknown",
    "10.1.2.3:",
    "[2001:db8::7",
    "[unknown]:1",
    "_hidden",
    "999.1.1.1",
    "10.1",
    "::x",
  ])("what is no address never is an allowed one, nor our failure: %s", async (hop) => {
    expect(await gate.status(`X-Forwarded-For: ${hop}`)).toBeOneOf([400, 403]);
    expect(await gate.status(`X-Forwarded-For: 10.1.2.3, ${hop}`)).toBeOneOf([400, 403]);
  });

  test("a caller that a proxy names is not the person at this machine", async () => {
    using upstream = await startRawUpstream();
    await using gateway = await startGateway(
      config([`path: /local, target: "${upstream.url}/"`], `trusted_proxies: ["127.0.0.1"]`),
    );

    const reply = await rawRequest(gateway.port, get("/local", "X-Forwarded-For: 127.0.0.1"));

    expect(reply.status).toBe(401);
  });
});
