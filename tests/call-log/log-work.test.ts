import { expect, test } from "bun:test";
import { Database } from "bun:sqlite";
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from "node:zlib";
import { until } from "../process/program.ts";
import { failureOf, start, stored } from "./open-log.ts";
import { logCall } from "./samples.ts";

test("a call is shown as it passed", async () => {
  await using given = start();
  const id = logCall(given.log, {
    call: { query: "alt=sse", headers: { "content-type": "application/json", "user-agent": "me" } },
    request: '{"q":"hällo"}',
    reply: Buffer.from([1, 2, 0, 255]),
    replyHeaders: { "content-type": "image/png", "set-cookie": "a=secret; Path=/" },
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

test("a bomb is not kept, and what only says to be compressed is taken as it is", async () => {
  await using given = start();
  const replyHeaders = { "content-encoding": "gzip" };
  const bomb = logCall(given.log, { reply: gzipSync(Buffer.alloc(50_000_000)), replyHeaders });
  const lie = logCall(given.log, { reply: "plain", replyHeaders });
  const after = logCall(given.log, { reply: "after" });

  expect((await given.log.bodies(bomb ?? ""))?.reply.text).toContain("not kept");
  expect((await given.log.bodies(lie ?? ""))?.reply.text).toBe("plain");
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
      replyHeaders: {
        "content-encoding": "gzip",
        "x-key": "canary-reply",
        "set-cookie": "session=canary-coded; Path=/",
      },
    }),
    logCall(given.log, {
      call,
      request: canaries,
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
  expect(hits).toEqual([]);
  using database = new Database(given.file);
  const packs = database.query<{ frames: Uint8Array }, []>("SELECT frames FROM packs").all();
  const stored = packs.map(({ frames }) => Bun.zstdDecompressSync(frames).toString()).join("");
  expect(stored).toContain("kept");
  expect(stored).not.toMatch(/canary-(?:hea|cookie|query|config|coded|odd|reply)|canarycanary/);
});

test("closing writes what is left; then nothing is taken, and questions are refused", async () => {
  await using given = start();
  logCall(given.log, { request: "left" });
  await given.log.close();

  expect(stored(given.file)).toBe(1);
  expect(logCall(given.log, { request: "late" })).toBeNull();
  expect(await failureOf(given.log.bodies("x"))).toContain("closed");
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
