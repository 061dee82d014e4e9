import { afterAll, describe, expect, test } from "bun:test";
import { startGateway } from "../helpers/gateway.ts";
import { rawRequest } from "../helpers/raw-client.ts";
import { type RecordedRequest, startRawUpstream } from "../helpers/raw-upstream.ts";
import { config, get, lastOf, namesOf, sent } from "./wire.ts";

const upstream = await startRawUpstream();
const to = `target: "${upstream.url}/", auth: false`;
const gateway = await startGateway(
  config([
    `path: /base, ${to}`,
    `path: /all, ${to}, forward_headers: true`,
    `path: /own, ${to}, forward_headers: true, headers: { X-Mine: route, Authorization: Bearer provider }`,
  ]),
);

afterAll(async () => {
  await gateway[Symbol.asyncDispose]();
  upstream[Symbol.dispose]();
});

async function up(path: string, ...lines: string[]): Promise<RecordedRequest> {
  const reply = await rawRequest(gateway.port, get(path, ...lines));
  if (reply.status !== 200) throw new Error(`${reply.statusLine} ${reply.body.toString()}`);
  return lastOf(upstream);
}

describe("x-pass-", () => {
  test.each(["/base", "/all", "/own"])("is sent under the plain name alone on %s", async (path) => {
    const request = await up(path, "x-pass-anthropic-beta: a, b", "X-Pass-Odd_One: 1");

    expect(sent(request, "anthropic-beta")).toEqual(["a, b"]);
    expect(sent(request, "odd_one")).toEqual(["1"]);
    expect(namesOf(request).filter((name) => name.startsWith("x-pass-"))).toEqual([]);
  });

  test("takes the place of the client's own", async () => {
    for (const lines of [
      ["X-A: own", "x-pass-x-a: passed"],
      ["x-pass-x-a: passed", "X-A: own"],
    ]) {
      expect(sent(await up("/all", ...lines), "x-a")).toEqual(["passed"]);
    }
    expect(sent(await up("/base", "Accept: own/x", "x-pass-accept: a/b"), "accept")).toEqual([
      "a/b",
    ]);
  });

  test("never goes over a header of the route's", async () => {
    const request = await up("/own", "x-pass-x-mine: client", "x-pass-authorization: client");

    expect(sent(request, "x-mine")).toEqual(["route"]);
    expect(sent(request, "authorization")).toEqual(["Bearer provider"]);
  });

  test.each(["/base", "/all"])("cannot set credentials or framing on %s", async (path) => {
    const names = [
      "authorization",
      "api-key",
      "x-api-key",
      "x-goog-api-key",
      "host",
      "content-length",
      "accept-encoding",
      "x-amz-date",
      "x-amz-security-token",
      "connection",
      "transfer-encoding",
      "te",
      "x-litellm-tags",
    ];

    const request = await up(path, ...names.map((name) => `x-pass-${name}: client`));

    expect(request.raw().toString("latin1")).not.toContain("client");
  });

  test("stays here where Connection names it", async () => {
    const request = await up("/all", "Connection: x-pass-sec", "x-pass-sec: 1");

    expect(sent(request, "sec")).toEqual([]);
  });

  test("brings in no credential that the route would not forward", async () => {
    const request = await up("/own", "x-pass-xi-api-key: dummy");

    expect(sent(request, "xi-api-key")).toEqual([]);
  });
});
