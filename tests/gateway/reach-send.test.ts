import { describe, expect, test } from "bun:test";
import { GatewayError } from "../../src/core/errors.ts";
import type { Reach } from "../../src/core/routes.ts";
import type { Body, Entrance } from "../../src/core/types.ts";
import { CallClock } from "../../src/gateway/clock.ts";
import { refusedAddress } from "../../src/gateway/resolve.ts";
import { send } from "../../src/gateway/send.ts";
import { route } from "../core/route.ts";
import { startBlackHole } from "./black-hole.ts";
import { listen } from "./reach-listeners.ts";

const entrance: Entrance = {
  addressOf: () => "127.0.0.1",
  onLoopback: true,
  isTls: false,
  hold: () => undefined,
  release: () => undefined,
};

describe("a route with a reach", () => {
  test("asks it for each call, with the name and the address that it goes to", async () => {
    await using upstream = await listen("127.0.0.1");
    const { reach, asked } = reachOf(() => true);

    const first = await call(`http://LocalHost:${upstream.port}`, reach);
    const second = await call(`http://LocalHost:${upstream.port}`, reach);

    expect([first, second]).toEqual([200, 200]);
    expect(asked).toEqual(Array(2).fill(`localhost 127.0.0.1 ${upstream.port}`));
    expect(upstream.heads[0]).toMatch(/^GET \/a%2Fb\?c=%20 HTTP/);
    expect(upstream.heads[0]).toContain(`\r\nHost: localhost:${upstream.port}\r\n`);
  });

  test("is asked again though a connection is open: what it forbids now is refused now", async () => {
    await using upstream = await listen("127.0.0.1");
    const origin = `http://localhost:${upstream.port}`;
    let isOpen = true;
    const { reach } = reachOf(() => isOpen);

    const before = await call(origin, reach);
    isOpen = false;
    const after = await call(origin, reach);

    expect([before, after]).toEqual([200, "upstream_not_allowed"]);
    expect(upstream.heads).toHaveLength(1);
  });

  test.each([
    ["an address", "http://127.0.0.1", "127.0.0.1"],
    ["an address of IPv6", "http://[::1]", "::1"],
    ["a name", "http://localhost", "localhost"],
    ["an address that looks like a name", "http://127.0.0.1..", "127.0.0.1"],
  ])("connects to nothing where it forbids %s", async (_, origin, host) => {
    await using upstream = await listen("127.0.0.1");
    const { reach, asked } = reachOf(() => false);

    const answer = await call(`${origin}:${upstream.port}`, reach);

    expect(answer).toBe("upstream_not_allowed");
    expect(asked[0]?.split(" ")[0]).toBe(host);
    expect(upstream.connections()).toBe(0);
  });

  test("sends a body that streams", async () => {
    await using upstream = await listen("127.0.0.1");
    const stream = new Blob(["abc"]).stream();

    const answer = await call(`http://localhost:${upstream.port}`, reachOf(() => true).reach, {
      kind: "stream",
      stream,
    });

    expect(answer).toBe(200);
    expect(upstream.heads[0]).toStartWith("POST ");
  });

  test("an upstream that takes no connection is unreachable", async () => {
    const upstream = await listen("127.0.0.1");
    await upstream[Symbol.asyncDispose]();

    const answer = await call(`http://localhost:${upstream.port}`, reachOf(() => true).reach);

    expect(answer).toBe("upstream_unreachable");
  });

  test("an upstream that says nothing to a connection is told by its checked address", async () => {
    await using hole = await startBlackHole();
    const startedAt = performance.now();

    const answer = await call(`http://localhost:${hole.port}`, reachOf(() => true).reach);

    expect(answer).toBe("upstream_connect_timeout");
    expect(performance.now() - startedAt).toBeLessThan(2_000);
  });
});

test("a name is known to be private before it is called, one that is unknown is not", async () => {
  const { reach } = reachOf(() => false);
  const target = (origin: string) => ({ origin, path: "/", query: "" });

  expect(await refusedAddress(target("http://localhost:9"), reach)).toMatch(
    /^(?:127\.0\.0\.1|::1)$/,
  );
  expect(await refusedAddress(target("http://[::1]:9"), reach)).toBe("::1");
  expect(await refusedAddress(target("http://nobody.invalid:9"), reach)).toBeNull();
  expect(await refusedAddress(target("http://localhost:9"), reachOf(() => true).reach)).toBeNull();
});

function reachOf(allows: () => boolean) {
  const asked: string[] = [];
  const reach: Reach = {
    isOwn: () => false,
    allows(host, address, port) {
      asked.push(`${host} ${address} ${port}`);
      return allows();
    },
  };
  return { reach, asked };
}

/** The status of the reply, or the code of what `send` threw. */
async function call(written: string, reach: Reach, body: Body = { kind: "none" }) {
  const { origin } = new URL(written);
  const made = route({
    path: "/x",
    target: { origin, path: "/", query: "" },
    transport: { proxy: null, tls: null, reach },
    deadlines: {
      connectMs: 1_000,
      firstByteMs: 5_000,
      idleMs: 5_000,
      totalMs: null,
      clientIdleMs: 5_000,
    },
  });
  const method = body.kind === "none" ? "GET" : "POST";
  const clock = new CallClock(new Request("http://gateway/"), entrance);
  try {
    const reply = await send(
      { url: `${origin}/a%2Fb?c=%20`, method, headers: {}, body },
      made,
      clock,
    );
    await reply.arrayBuffer();
    return reply.status;
  } catch (error) {
    return GatewayError.from(error).code;
  } finally {
    clock.stop();
  }
}
