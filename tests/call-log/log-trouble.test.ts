import { expect, test } from "bun:test";
import { Database } from "bun:sqlite";
import { readdirSync, writeFileSync } from "node:fs";
import { canMount, smallDisk } from "../faults/small-disk.ts";
import { temporaryFolder } from "../process/program.ts";
import { failureOf, start, stored } from "./open-log.ts";
import { logCall } from "./samples.ts";

test("a thread that stalls costs rows, not memory: the rest is dropped and counted", async () => {
  await using given = start({ maxInFlightBytes: 2_000_000 });
  const first = logCall(given.log, { request: "first" });
  await given.log.flush();
  using blocker = new Database(given.file);
  blocker.run("BEGIN IMMEDIATE");
  const body = "x".repeat(30_000);
  let most = 0;
  for (let n = 0; n < 300; n++) {
    logCall(given.log, { request: body, reply: body });
    most = Math.max(most, given.log.inFlightBytes());
  }
  const queued = given.log.queued();
  blocker.run("ROLLBACK");
  await given.log.flush();
  const last = logCall(given.log, { request: "last" });

  expect(most).toBeLessThanOrEqual(2_000_000);
  expect(queued).toBeWithin(10, 40);
  expect(given.log.dropped()).toBe(300 - stored(given.file) + 1);
  expect(given.log.queued()).toBe(0);
  for (const id of [first, last]) expect(await given.log.bodies(id ?? "")).not.toBeNull();
});

test("a log that is closed while its thread stalls is closed soon", async () => {
  await using given = start();
  logCall(given.log, { request: "first" });
  await given.log.flush();
  using blocker = new Database(given.file);
  blocker.run("BEGIN IMMEDIATE");
  logCall(given.log, { request: "lost" });

  const at = performance.now();
  await given.log.close();
  const ms = performance.now() - at;
  blocker.run("ROLLBACK");

  expect(ms).toBeWithin(1_900, 3_000);
  expect(given.log.dropped()).toBe(1);
  expect(given.log.inFlightBytes()).toBe(0);
});

test.each([
  ["no database", "what is this"],
  ["an empty file", ""],
])("%s is moved aside, and a fresh log begun", async (_, content) => {
  const folder = temporaryFolder();
  const file = folder.file("logs.db");
  writeFileSync(file, content);
  await using given = start({ file });
  const id = logCall(given.log, { request: "fresh" });

  expect(await given.log.bodies(id ?? "")).not.toBeNull();
  expect(given.aside).toHaveLength(1);
  expect(given.aside[0]).toContain("logs.db.damaged-");
  expect(readdirSync(folder.path).some((name) => name.includes("damaged"))).toBe(true);
  expect([given.told, given.log.dropped()]).toEqual([[], 0]);
  await given.log.close();
  folder[Symbol.dispose]();
});

test("a log that is damaged while it is in use is moved aside too", async () => {
  await using given = start();
  for (let n = 0; n < 50; n++) {
    logCall(given.log, { request: crypto.getRandomValues(new Uint8Array(10_000)) });
  }
  await given.log.close();
  const bytes = Buffer.from(await Bun.file(given.file).arrayBuffer());
  bytes.fill(0xab, 4_096);
  writeFileSync(given.file, bytes);
  const again = given.open();
  const id = logCall(again, { request: "after" });

  expect((await again.bodies(id ?? ""))?.request.text).toBe("after");
  expect(given.aside).toHaveLength(1);
  await again.close();
});

test("a place where nothing can be written costs rows, told once", async () => {
  await using given = start({ file: "/proc/nowhere/logs.db" });
  for (let n = 0; n < 3; n++) {
    logCall(given.log, { request: "lost" });
    await given.log.flush();
  }

  expect(given.log.dropped()).toBe(3);
  expect(given.told).toHaveLength(1);
  expect(given.told[0]).toContain("/proc/nowhere/logs.db");
  expect(await failureOf(given.log.bodies(Bun.randomUUIDv7()))).toContain("cannot be used");
});

test.skipIf(!canMount)("a full disk costs rows while it is full", async () => {
  using disk = smallDisk("4m");
  await using given = start({ file: `${disk.path}/logs.db` });
  const body = crypto.getRandomValues(new Uint8Array(60_000));
  const before = logCall(given.log, { request: body });
  await given.log.flush();
  disk.fill();
  for (let n = 0; n < 20; n++) logCall(given.log, { request: body, reply: body });
  await given.log.flush();
  const lost = given.log.dropped();
  disk.free();
  const after = logCall(given.log, { request: "room again" });
  await given.log.flush();

  expect(lost).toBeGreaterThan(0);
  expect(given.log.dropped()).toBe(lost);
  expect(given.told).toHaveLength(2);
  expect([given.told[0] !== null, given.told[1]]).toEqual([true, null]);
  for (const id of [before, after]) expect(await given.log.bodies(id ?? "")).not.toBeNull();
});

test("a thread that dies costs what it had not written, told once; the next use starts another", async () => {
  using threads = startedThreads();
  await using given = start();
  const before = logCall(given.log, { request: "before" });
  await given.log.flush();
  threads.all[0]?.postMessage(null); // nothing that it can take
  logCall(given.log, { request: "lost" });
  logCall(given.log, { request: "lost too" });
  const question = failureOf(given.log.bodies(before ?? ""));
  await given.log.flush();
  const lost = [threads.all.length, given.log.dropped(), given.log.queued()];
  const kept = given.log.inFlightBytes();
  const after = logCall(given.log, { request: "after" });
  await given.log.flush();

  expect(lost).toEqual([1, 2, 0]);
  expect(kept).toBe(0);
  expect(await question).toContain("the log's thread died");
  expect(threads.all).toHaveLength(2);
  expect(given.told).toEqual([expect.stringMatching(/^the log's thread died: TypeError: /), null]);
  expect(given.log.dropped()).toBe(2);
  for (const id of [before, after]) expect(await given.log.bodies(id ?? "")).not.toBeNull();
});

test("a thread that is ended from outside is replaced too", async () => {
  using threads = startedThreads();
  await using given = start();
  const before = logCall(given.log, { request: "before" });
  await given.log.flush();
  await ended(threads.all[0]);
  const after = logCall(given.log, { request: "after" });

  for (const id of [before, after]) expect(await given.log.bodies(id ?? "")).not.toBeNull();
  expect(threads.all).toHaveLength(2);
  expect(given.log.dropped()).toBe(0);
});

/** The threads that are started from here on, as they are. */
function startedThreads() {
  const all: Worker[] = [];
  const Real = globalThis.Worker;
  globalThis.Worker = class extends Real {
    constructor(...[url, options]: ConstructorParameters<typeof Real>) {
      super(url, options);
      all.push(this);
    }
  };
  return { all, [Symbol.dispose]: () => void (globalThis.Worker = Real) };
}

async function ended(thread: Worker | undefined): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  thread?.addEventListener("close", () => resolve());
  thread?.terminate();
  await promise;
}
