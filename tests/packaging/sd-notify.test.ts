import { describe, expect, test } from "bun:test";
import { join } from "node:path";
import { systemdNotifier } from "../../src/sd-notify.ts";
import { notifySocket } from "./notify-socket.ts";

async function connect(env: Record<string, string>) {
  const { notifier, problem } = await systemdNotifier(env);
  expect(problem).toBeNull();
  if (notifier === null) throw new Error("no notifier");
  return notifier;
}

describe.skipIf(process.platform !== "linux")("under a service manager", () => {
  test.each(["path", "abstract"] as const)("all messages arrive, address: %s", async (kind) => {
    using socket = await notifySocket(kind);
    const notifier = await connect({ NOTIFY_SOCKET: socket.address });

    notifier.ready();
    notifier.ready("3 routes");
    notifier.status("draining");
    notifier.watchdog();
    notifier.stopping();
    notifier.stopping(30_000_000.4);

    expect(await socket.next()).toMatchObject({ text: "READY=1", pid: process.pid });
    expect((await socket.next()).text).toBe("READY=1\nSTATUS=3 routes");
    expect((await socket.next()).text).toBe("STATUS=draining");
    expect((await socket.next()).text).toBe("WATCHDOG=1");
    expect((await socket.next()).text).toBe("STOPPING=1");
    expect((await socket.next()).text).toBe("STOPPING=1\nEXTEND_TIMEOUT_USEC=30000001");
  });

  test("a reload carries the time of the service manager's own clock", async () => {
    using socket = await notifySocket();
    const notifier = await connect({ NOTIFY_SOCKET: socket.address });

    notifier.reloading();
    const first = await socket.next();
    notifier.reloading();
    const second = await socket.next();

    const firstUsec = reloadTime(first.text);
    const secondUsec = reloadTime(second.text);
    expect(firstUsec).toBeLessThanOrEqual(first.receivedUsec);
    expect(first.receivedUsec - firstUsec).toBeLessThan(5_000_000);
    expect(secondUsec).toBeGreaterThan(first.receivedUsec);
    expect(secondUsec).toBeLessThanOrEqual(second.receivedUsec);
  });

  test("a status cannot smuggle in an assignment, and is cut before systemd would drop it", async () => {
    using socket = await notifySocket();
    const notifier = await connect({ NOTIFY_SOCKET: socket.address });

    notifier.status("one\nSTOPPING=1\r\0two");
    notifier.status("é€😀".repeat(20_000));
    notifier.ready("😀".repeat(20_000));

    expect((await socket.next()).text).toBe("STATUS=one STOPPING=1 two");
    expect(Buffer.byteLength((await socket.next()).text)).toBeWithin(2000, 4096);
    const ready = (await socket.next()).text;
    expect(ready).toStartWith("READY=1\nSTATUS=😀");
    expect(Buffer.byteLength(ready)).toBeLessThan(4096);
  });

  test("a service manager that does not read holds up a ping not at all, a state one second", async () => {
    using socket = await notifySocket();
    const notifier = await connect({ NOTIFY_SOCKET: socket.address });
    await socket.pause();

    const started = performance.now();
    for (let sent = 0; sent < 2000; sent++) notifier.watchdog(); // more than any queue takes
    const pinged = performance.now();
    notifier.ready();
    const readied = performance.now();

    expect(pinged - started).toBeLessThan(900);
    expect(readied - pinged).toBeWithin(500, 2500);
  });

  test("a dead socket, and none at all, leave the caller in peace", async () => {
    using socket = await notifySocket();
    const notifier = await connect({ NOTIFY_SOCKET: socket.address });
    const nobody = await connect({ NOTIFY_SOCKET: `${socket.address}-nobody` });
    await socket.die();

    for (const each of [notifier, nobody]) {
      each.ready("up");
      each.reloading();
      each.status("still up");
      each.watchdog();
      each.stopping(1);
    }
  });

  test("no descriptor stays open", async () => {
    using socket = await notifySocket();
    const notifier = await connect({ NOTIFY_SOCKET: socket.address });
    const open = () =>
      [...new Bun.Glob("*").scanSync({ cwd: "/proc/self/fd", onlyFiles: false })].length;

    notifier.ready();
    const before = open();
    for (let sent = 0; sent < 50; sent++) notifier.watchdog();

    expect(open()).toBe(before);
  });

  test("an address of another kind is a problem to log, not an error", async () => {
    for (const address of ["vsock:2:1234", "notify", "@", `/${"long".repeat(40)}`]) {
      const { notifier, problem } = await systemdNotifier({ NOTIFY_SOCKET: address });
      expect(notifier).toBeNull();
      expect(problem).toContain("NOTIFY_SOCKET");
    }
  });

  test("the watchdog's interval is half its limit, and only ours", async () => {
    using socket = await notifySocket();
    const interval = async (env: Record<string, string>) =>
      (await connect({ NOTIFY_SOCKET: socket.address, ...env })).watchdogIntervalMs;

    expect(await interval({})).toBeNull();
    expect(await interval({ WATCHDOG_USEC: "30000000" })).toBe(15_000);
    expect(await interval({ WATCHDOG_USEC: "30000000", WATCHDOG_PID: `${process.pid}` })).toBe(
      15_000,
    );
    expect(await interval({ WATCHDOG_USEC: "30000000", WATCHDOG_PID: "1" })).toBeNull();
    expect(await interval({ WATCHDOG_USEC: "soon" })).toBeNull();
    expect(await interval({ WATCHDOG_USEC: "0" })).toBeNull();
  });
});

test("without a service manager there is neither a notifier nor a problem", async () => {
  expect(await systemdNotifier({})).toEqual({ notifier: null, problem: null });
  expect(await systemdNotifier({ NOTIFY_SOCKET: "" })).toEqual({ notifier: null, problem: null });
});

const mayNotBecomeExecutable = `
import ctypes, os, sys
if ctypes.CDLL(None).prctl(65, 1, 0, 0, 0) != 0: sys.exit(77)
os.execvp(sys.argv[1], sys.argv[1:])
`;

test.skipIf(process.platform !== "linux")(
  "where memory may not become executable, that is a problem to log",
  async () => {
    const module = join(import.meta.dir, "../../src/sd-notify.ts");
    const script = `
      const { systemdNotifier } = await import(${JSON.stringify(module)});
      console.log(JSON.stringify(await systemdNotifier({ NOTIFY_SOCKET: "/run/notify" })));`;
    const child = Bun.spawn(
      ["python3", "-c", mayNotBecomeExecutable, process.execPath, "-e", script],
      { stdout: "pipe", stderr: "pipe" },
    );
    const printed = await child.stdout.text();
    if ((await child.exited) === 77) return; // a kernel before 6.3 has no such rule

    const { notifier, problem }: { notifier: null; problem: string } = JSON.parse(printed);
    expect(notifier).toBeNull();
    expect(problem).toContain("JIT");
  },
);

function reloadTime(text: string): number {
  const match = /^RELOADING=1\nMONOTONIC_USEC=(\d+)$/.exec(text);
  return Number(match?.[1]);
}
