import { describe, expect, test } from "bun:test";
import { createSocket } from "node:dgram";
import { startGateway } from "../helpers/gateway.ts";
import { rawRequest } from "../helpers/raw-client.ts";
import { startRawUpstream } from "../helpers/raw-upstream.ts";
import { errorType, get } from "./wire.ts";

/** A name server's answer codes (RFC 1035 §4.1.1), or none at all. */
const answers = { servfail: 2, nxdomain: 3, silence: null } as const;

const nameServer = "127.0.0.77";

/** Only root may give a process another /etc/resolv.conf; CI is root. */
const mayUnshare =
  process.platform === "linux" && Bun.spawnSync(["unshare", "-m", "true"]).exitCode === 0;

test.if(process.env["CI"] === "true")("CI can try other name servers", () => {
  expect(mayUnshare).toBe(true);
});

describe.if(mayUnshare)("a name server", () => {
  test.each([
    ["that knows no such name: 502", "nxdomain", 502, "upstream_dns"],
    ["that fails: 502", "servfail", 502, "upstream_dns"],
    ["that is silent: 504 at the connect limit", "silence", 504, "upstream_connect_timeout"],
  ] as const)("%s", async (_, kind, status, type) => {
    using server = await startNameServer(answers[kind]);
    using upstream = await startRawUpstream();
    const yaml = `
      general_settings:
        pass_through_endpoints:
          - { path: /named, target: "http://nowhere.example/", connect_timeout: 2, auth: false }
          - { path: /other, target: "${upstream.url}/", auth: false }
    `;
    await using gateway = await startGateway(yaml, { ...withNameServer });

    const startedAt = performance.now();
    const asked = rawRequest(gateway.port, get("/named"), { timeoutMs: 8_000 });
    await Bun.sleep(300);
    const otherAt = performance.now();
    const other = await rawRequest(gateway.port, get("/other"));
    const otherMs = performance.now() - otherAt;
    const reply = await asked;
    const ms = performance.now() - startedAt;

    expect([reply.status, errorType(reply)]).toEqual([status, type]);
    expect(reply.text).not.toContain("nowhere.example");
    expect(other.status).toBe(200);
    expect(otherMs).toBeLessThan(250);
    if (status === 504) expect(Math.abs(ms - 2_000)).toBeLessThan(500);
    expect(server.asked()).toBeGreaterThan(0);
  });
});

const withNameServer = {
  wrap: [
    "unshare",
    "-m",
    "sh",
    "-c",
    `mount --bind "$PWD/resolv.conf" /etc/resolv.conf && exec "$@"`,
    "sh",
  ],
  files: { "resolv.conf": `nameserver ${nameServer}\noptions timeout:5 attempts:2\n` },
};

async function startNameServer(code: number | null) {
  const socket = createSocket("udp4");
  let asked = 0;
  socket.on("message", (query, { port, address }) => {
    asked += 1;
    if (code === null) return;
    const answer = Buffer.from(query);
    answer.writeUInt16BE(0x8180 | code, 2);
    socket.send(answer, port, address);
  });
  await new Promise<void>((resolve) => socket.bind(53, nameServer, resolve));
  return { asked: () => asked, [Symbol.dispose]: () => socket.close() };
}
