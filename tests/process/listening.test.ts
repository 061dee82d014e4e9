import { expect, test } from "bun:test";
import { networkInterfaces } from "node:os";
import { type Gateway, startGateway } from "../helpers/gateway.ts";
import { rawRequest } from "../helpers/raw-client.ts";

const health = "GET /health/liveness HTTP/1.1\r\nHost: localhost\r\n\r\n";

const others = Object.values(networkInterfaces()).flat();
const otherAddress = others.find((each) => each?.internal === false && each.family === "IPv4");
const hasIpv6 = others.some((each) => each?.address === "::1");

/** The status that an address answers with, or why it does not. */
async function statusAt({ port }: Gateway, hostname: string): Promise<number | string> {
  try {
    return (await rawRequest(port, health, { hostname })).status;
  } catch (error) {
    return error instanceof Error && "code" in error ? String(error.code) : String(error);
  }
}

test("by default both loopback addresses are served, and no other", async () => {
  await using gateway = await startGateway("{}");

  expect(await statusAt(gateway, "127.0.0.1")).toBe(200);
  if (hasIpv6) expect(await statusAt(gateway, "::1")).toBe(200);
  if (otherAddress) expect(await statusAt(gateway, otherAddress.address)).toBe("ECONNREFUSED");
  expect(gateway.stdout()).toContain(`Listening on http://localhost:${gateway.port}`);
});

test("--host 127.0.0.1 serves that address alone", async () => {
  await using gateway = await startGateway("{}", { args: ["--host", "127.0.0.1"] });

  expect(await statusAt(gateway, "127.0.0.1")).toBe(200);
  expect(await statusAt(gateway, "::1")).not.toBe(200);
});

test.skipIf(!hasIpv6).each(["::1", "[::1]"])("--host %s serves IPv6", async (host) => {
  await using gateway = await startGateway("{}", { args: ["--host", host] });

  expect(await statusAt(gateway, "::1")).toBe(200);
  expect(await statusAt(gateway, "127.0.0.1")).toBe("ECONNREFUSED");
  expect(gateway.stdout()).toContain(`Listening on http://[::1]:${gateway.port}`);
});

test.skipIf(!otherAddress)("--host 0.0.0.0 serves every IPv4 address", async () => {
  await using gateway = await startGateway("{}", { args: ["--host", "0.0.0.0"] });

  expect(await statusAt(gateway, "127.0.0.1")).toBe(200);
  expect(await statusAt(gateway, otherAddress?.address ?? "")).toBe(200);
  expect(gateway.stdout()).toContain(
    `Listening on http://0.0.0.0:${gateway.port} (all addresses)\n`,
  );
});

test("where there is a master key the admin page's URL is told", async () => {
  const env = { SERVER_ROOT_PATH: "/gate" };
  await using keyed = await startGateway("general_settings: { master_key: sk-1234 }", { env });
  await using keyless = await startGateway("{}");

  expect(keyed.stdout()).toContain(`Admin page: http://localhost:${keyed.port}/gate/ui\n`);
  expect(keyless.stdout()).not.toContain("Admin page");
});

test("an address that is not this machine's is an error that says so", async () => {
  await using gateway = await startGateway("{}", {
    args: ["--host", "192.0.2.1", "--port", "0"],
    waitFor: "exit",
  });

  expect(gateway.stderr()).toContain("192.0.2.1 is not an address of this machine");
  expect(await gateway.exited).toBe(1);
});

test.each(["127.0.0.1", "::1"])(
  "a port that is taken on %s is an error with a remedy",
  async (hostname) => {
    using taken = Bun.listen({ hostname, port: 0, socket: { data() {} } });
    const args = ["--port", String(taken.port)];

    await using gateway = await startGateway("{}", { args, waitFor: "exit" });

    expect(gateway.stderr()).toContain(
      `Port ${taken.port} on ${hostname} is taken by another program`,
    );
    expect(gateway.stderr()).toContain(`--port ${taken.port + 1}`);
    expect(await gateway.exited).toBe(1);
  },
);

test("a second gateway on the port of the first is refused, with a data directory of its own too", async () => {
  await using first = await startGateway("{}");

  await using second = await startGateway("{}", {
    args: ["--port", String(first.port)],
    waitFor: "exit",
  });

  expect(second.stderr()).toContain(`Port ${first.port} on 127.0.0.1 is taken`);
  expect(await second.exited).toBe(1);
});
