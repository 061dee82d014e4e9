import { describe, expect, test } from "bun:test";
import { systemdNotifier } from "../../src/sd-notify.ts";
import { startGateway } from "../helpers/gateway.ts";
import { type Notification, type NotifySocket, notifySocket } from "./notify-socket.ts";

const yaml = `
general_settings:
  pass_through_endpoints:
    - path: /anything
      target: http://127.0.0.1:9
      auth: false
`;

describe.skipIf(process.platform !== "linux")("a gateway under a service manager", () => {
  test("says READY once it can be reached, as the process that was started", async () => {
    using socket = await notifySocket();
    const port = freePort();

    const starting = startGateway(yaml, {
      args: ["--port", String(port)],
      env: { NOTIFY_SOCKET: socket.address },
    });
    const ready = await nextState(socket);
    const { status } = await fetch(`http://127.0.0.1:${port}/health/liveliness`);

    await using gateway = await starting;
    expect(status).toBe(200);
    expect(ready.text).toMatch(/^READY=1$/m);
    expect(ready.pid).toBe(gateway.pid);
  });

  test("says nothing when it cannot start", async () => {
    using socket = await notifySocket();

    await using gateway = await startGateway("general_settings: [", {
      env: { NOTIFY_SOCKET: socket.address },
      waitFor: "exit",
    });
    await gateway.exited;
    const { notifier } = await systemdNotifier({ NOTIFY_SOCKET: socket.address });
    notifier?.status("the first word");

    expect((await socket.next()).text).toBe("STATUS=the first word");
  });

  test("says RELOADING and READY on SIGHUP, also when the file is bad", async () => {
    using socket = await notifySocket();
    await using gateway = await startGateway(yaml, { env: { NOTIFY_SOCKET: socket.address } });
    const ready = await nextState(socket);

    for (const text of [yaml, "general_settings: ["]) {
      if (text !== yaml) await Bun.write(gateway.configPath, text);
      gateway.signal("SIGHUP");
      const reloading = await nextState(socket);
      const again = await nextState(socket);

      const usec = Number(/^MONOTONIC_USEC=(\d+)$/m.exec(reloading.text)?.[1]);
      expect(reloading.text).toMatch(/^RELOADING=1$/m);
      expect(usec).toBeGreaterThan(ready.receivedUsec);
      expect(usec).toBeLessThanOrEqual(reloading.receivedUsec);
      expect(again.text).toMatch(/^READY=1$/m);
    }
  });

  test("says STOPPING on SIGTERM, and ends well", async () => {
    using socket = await notifySocket();
    await using gateway = await startGateway(yaml, { env: { NOTIFY_SOCKET: socket.address } });
    await nextState(socket);

    gateway.signal("SIGTERM");

    expect((await nextState(socket)).text).toMatch(/^STOPPING=1$/m);
    expect(await gateway.exited).toBe(0);
  });

  test("pings the watchdog at half its limit", async () => {
    using socket = await notifySocket();
    await using _gateway = await startGateway(yaml, {
      env: { NOTIFY_SOCKET: socket.address, WATCHDOG_USEC: "600000" },
    });

    const pings: number[] = [];
    while (pings.length < 6) {
      const { text, receivedUsec } = await socket.next();
      if (text === "WATCHDOG=1") pings.push(receivedUsec);
    }

    const meanUsec = ((pings.at(-1) ?? 0) - (pings[0] ?? 0)) / (pings.length - 1);
    expect(meanUsec).toBeWithin(250_000, 400_000);
  });

  test("starts all the same where nobody listens", async () => {
    await using gateway = await startGateway(yaml, {
      env: { NOTIFY_SOCKET: "/nowhere/notify", WATCHDOG_USEC: "100000" },
    });

    expect((await fetch(`${gateway.url}/health/liveliness`)).status).toBe(200);
  });

  test("logs that it cannot notify, and starts", async () => {
    await using gateway = await startGateway(yaml, { env: { NOTIFY_SOCKET: "vsock:2:1234" } });

    expect(gateway.stderr()).toContain("systemd cannot be notified");
    expect((await fetch(`${gateway.url}/health/liveliness`)).status).toBe(200);
  });
});

/** Pings and status texts may come at any time. */
async function nextState(socket: NotifySocket): Promise<Notification> {
  for (;;) {
    const notification = await socket.next();
    if (/^(READY|RELOADING|STOPPING)=1$/m.test(notification.text)) return notification;
  }
}

function freePort(): number {
  using server = Bun.serve({ hostname: "127.0.0.1", port: 0, fetch: () => new Response() });
  return server.port ?? 0;
}
