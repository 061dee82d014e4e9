import { expect, test } from "bun:test";
import { Database } from "bun:sqlite";
import { readdirSync, writeFileSync } from "node:fs";
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from "node:zlib";
import { type BodyLogOptions, openBodyLog } from "../../src/log-work.ts";
import { leaveOut, smallDisk } from "../ledger/small-disk.ts";
import { temporaryFolder, until } from "../process/program.ts";
import { logCall } from "./samples.ts";

function start(options: Partial<BodyLogOptions> = {}) {
  const folder = temporaryFolder();
  const file = options.file ?? folder.file("logs.db");
  const told: (string | null)[] = [];
  const aside: string[] = [];
  const open = () =>
    openBodyLog({
      file,
      retention: () => ({ maxAgeMs: null, maxBytes: null }),
      troubled: (reason) => told.push(reason),
      movedAside: (place) => aside.push(place),
      ...options,
    });
  const log = open();
  return {
    file,
    folder,
    log,
    open,
    told,
    aside,
    async [Symbol.asyncDispose]() {
      await log.close();
      folder[Symbol.dispose]();
    },
  };
}

test("a call is shown as it passed", async () => {
  await using given = start();
  const id = logCall(given.log, {
    call: { query: "alt=sse", headers: { "content-type": "application/json", "user-agent": "me" } },
    request: '{"q":"hällo"}',
    reply: Buffer.from([1, 2, 0, 255]),
    replyHeaders: { "content-type": "image/png", "set-cookie": "a=secret" },
  });

  const shown = await given.log.bodies(id ?? "");

  expect(shown).toEqual({
    id: id ?? "",
    method: "POST",
    url: "/v1/chat/completions?alt=sse",
    requestHeaders: { "content-type": "application/json", "user-agent": "me" },
    request: { text: '{"q":"hällo"}', assembled: null, base64: null, bytes: 14, isCut: false },
    status: 200,
    replyHeaders: { "content-type": "image/png", "set-cookie": "[redacted]" },
    reply: { text: null, assembled: null, base64: "AQIA/w==", bytes: 4, isCut: false },
  });
  expect(await given.log.bodies(Bun.randomUUIDv7())).toBeNull();
});

test("a body that was cut within a character is text all the same", async () => {
  await using given = start();
  const id = logCall(given.log, { logging: { maxBytes: 6, share: 1 }, request: "hallö ö" });

  const shown = await given.log.bodies(id ?? "");

  expect(shown?.request).toMatchObject({ text: "hallö", bytes: 9, isCut: true });
});

test.each([
  ["gzip", gzipSync],
  ["br", brotliCompressSync],
  ["zstd", Bun.zstdCompressSync],
  ["deflate", deflateSync],
  ["deflate", deflateRawSync],
] as const)("a reply in %s is read, whole or cut", async (coding, compress) => {
  await using given = start();
  const text = JSON.stringify(Array.from({ length: 40_000 }, () => Math.random().toString(36)));
  const replyHeaders = { "content-type": "application/json", "content-encoding": coding };
  const short = "a few findable words";
  const whole = logCall(given.log, { reply: compress(Buffer.from(short)), replyHeaders });
  const cut = logCall(given.log, {
    reply: compress(Buffer.from(text)),
    logging: { maxBytes: 300_000, share: 1 },
    replyHeaders,
  });

  expect((await given.log.bodies(whole ?? ""))?.reply).toMatchObject({ text: short, isCut: false });
  const shown = (await given.log.bodies(cut ?? ""))?.reply;
  expect(shown?.isCut).toBe(true);
  expect(text.startsWith(shown?.text ?? "-")).toBe(true);
  expect(shown?.text?.length).toBeGreaterThan(100_000);
  expect(await given.log.search({ text: "findable", limit: 9 })).toEqual([whole ?? ""]);
});

test("a bomb stays packed, and what only says to be compressed stays as it is", async () => {
  await using given = start();
  const replyHeaders = { "content-encoding": "gzip" };
  const bomb = logCall(given.log, { reply: gzipSync(Buffer.alloc(50_000_000)), replyHeaders });
  const lie = logCall(given.log, { reply: "plain", replyHeaders });
  const after = logCall(given.log, { reply: "after" });

  expect((await given.log.bodies(bomb ?? ""))?.reply.text).toBeNull();
  expect((await given.log.bodies(lie ?? ""))?.reply.base64).toBe(btoa("plain"));
  expect((await given.log.bodies(after ?? ""))?.reply.text).toBe("after");
});

test("what was finished before a question is in its answer, of a stream the assembled text", async () => {
  await using given = start();
  const words = (content: string) =>
    `data: ${JSON.stringify({ choices: [{ delta: { content } }] })}\n\n`;
  const id = logCall(given.log, {
    request: '{"content":"first line\\nsecond"}',
    reply: words("unbe") + words("lievable"),
    replyHeaders: { "content-type": "text/event-stream" },
  });

  expect(await given.log.search({ text: "unbelievable second", limit: 9 })).toEqual([id ?? ""]);
  expect((await given.log.bodies(id ?? ""))?.reply.assembled).toBe("unbelievable");
});

test("no secret reaches the file, wherever it stood", async () => {
  await using given = start({ secrets: () => ["canary-config"] });
  const canaries = "canary-header canary-cookie canary-query canary-config canary-coded";
  const key = `sk-${"canary".repeat(5)}`;
  const call = {
    query: "key=canary-query&x=1",
    headers: {
      authorization: "Bearer canary-header",
      cookie: "session=canary-cookie",
      "x-api-key": "canary-coded",
      "x-odd": "canary-odd",
    },
  };
  const text = `${canaries} ${key} kept`;
  const ids = [
    logCall(given.log, { call, request: text, reply: text }),
    logCall(given.log, {
      call,
      reply: gzipSync(text),
      replyHeaders: { "content-encoding": "gzip", "x-key": "canary-reply" },
    }),
    logCall(given.log, {
      call,
      request: canaries.slice(0, 10),
      logging: { maxBytes: 10, share: 1 },
    }),
  ];
  const found = await given.log.search({ text: "kept", limit: 9 });
  const shown = await Promise.all(ids.map((id) => given.log.bodies(id ?? "")));
  const hits = await given.log.search({ text: "canary*", limit: 9 });
  await given.log.close();

  expect(found).toHaveLength(2);
  expect(JSON.stringify(shown)).not.toMatch(
    /canary-(?:header|cookie|query|config|coded|odd|reply)/,
  );
  expect(hits).toHaveLength(1);
  using database = new Database(given.file);
  const packs = database.query<{ frames: Uint8Array }, []>("SELECT frames FROM packs").all();
  const stored = packs.map(({ frames }) => Bun.zstdDecompressSync(frames).toString()).join("");
  expect(stored).toContain("kept");
  expect(stored).not.toMatch(/canary-(?:header|cookie|query|config|coded|odd|reply)|canarycanary/);
});

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

test("closing writes what is left; then nothing is taken, and questions are refused", async () => {
  await using given = start();
  logCall(given.log, { request: "left" });
  await given.log.close();

  expect(stored(given.file)).toBe(1);
  expect(logCall(given.log, { request: "late" })).toBeNull();
  expect(given.log.bodies("x")).rejects.toThrow("closed");
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
  expect(given.log.bodies(Bun.randomUUIDv7())).rejects.toThrow("cannot be used");
});

test.skipIf(leaveOut)("a full disk costs rows while it is full", async () => {
  using disk = smallDisk(4 * 1024 * 1024);
  await using given = start({ file: `${disk.path}/logs.db` });
  const body = crypto.getRandomValues(new Uint8Array(60_000));
  const before = logCall(given.log, { request: body });
  await given.log.flush();
  disk.fill(0);
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

test("calls are indexed without being asked for", async () => {
  await using given = start();
  logCall(given.log, { request: "someword" });
  await given.log.flush();

  using database = new Database(given.file);
  const indexed = database.query<{ pack: number }, []>("SELECT pack FROM indexed");
  const before = indexed.get()?.pack;
  await until(() => indexed.get()?.pack === 1);

  expect(before).toBe(0);
});

test("what is too old is removed", async () => {
  let maxAgeMs: number | null = null;
  await using given = start({ retention: () => ({ maxAgeMs, maxBytes: null }) });
  const id = logCall(given.log, { request: "old" });
  await given.log.flush();
  await given.log.retain();
  const before = await given.log.bodies(id ?? "");
  maxAgeMs = -1;
  await given.log.retain();

  expect(before).not.toBeNull();
  expect(await given.log.bodies(id ?? "")).toBeNull();
});

function stored(file: string): number {
  using database = new Database(file);
  return database.query<{ n: number }, []>("SELECT count(*) AS n FROM calls").get()?.n ?? -1;
}
