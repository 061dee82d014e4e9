import { expect, test } from "bun:test";
import { networkInterfaces } from "node:os";
import { startGateway } from "../helpers/gateway.ts";
import { rawRequest } from "../helpers/raw-client.ts";
import { startRawUpstream } from "../helpers/raw-upstream.ts";
import { config, get, sent } from "./wire.ts";

const hasIpv6 = Object.values(networkInterfaces()).some((each) =>
  each?.some(({ address }) => address === "::1"),
);

const hosts = ["127.0.0.1", ...(hasIpv6 ? ["::1"] : [])];

test.each(hosts)("localhost finds an upstream that listens on %s alone", async (hostname) => {
  using upstream = await startRawUpstream({ hostname });
  await using gateway = await startGateway(
    config([`path: /n, target: "http://localhost:${upstream.port}/", auth: false`]),
  );

  const answered = await rawRequest(gateway.port, get("/n"));

  expect(answered.status).toBe(200);
  const [request] = upstream.requests;
  expect(request === undefined ? [] : sent(request, "host")).toEqual([
    `localhost:${upstream.port}`,
  ]);
});

test.skipIf(!hasIpv6)("an IPv6 address is a target like any other", async () => {
  using upstream = await startRawUpstream({ hostname: "::1" });
  await using gateway = await startGateway(
    config([`path: /n, target: "http://[::1]:${upstream.port}/x", auth: false`]),
  );

  const answered = await rawRequest(gateway.port, get("/n?a"));

  expect(answered.status).toBe(200);
  expect(upstream.requests.map(({ target }) => target)).toEqual(["/x?a"]);
});
