import { expect, test } from "bun:test";
import { Database } from "bun:sqlite";
import { brotliCompressSync, deflateSync, gzipSync } from "node:zlib";
import { start } from "./open-log.ts";
import { type Exchange, logCall } from "./samples.ts";
import { unescaped } from "../../src/call-log/unescaped.ts";

const configured = "provcred-ABCDEFGHIJ0123456789";
const own = "callercred/with+slash";
const shaped = `sk-${"Ab1".repeat(12)}`;
const secrets = [configured, own, shaped];
const call = { headers: { "content-type": "application/json", authorization: `Bearer ${own}` } };

/** What is shown of a call, and every byte that is stored of it. */
async function logged(exchange: Exchange) {
  await using given = start({ secrets: () => [configured] });
  const id = logCall(given.log, { call, ...exchange });
  const shown = await given.log.bodies(id ?? "");
  const searches = secrets.map((secret) => given.log.search({ text: `"${secret}"`, limit: 1 }));
  const hits = (await Promise.all(searches)).flat();
  const said = await given.log.search({ text: "harmless", limit: 1 });
  using database = new Database(given.file);
  const packs = database.query<{ frames: Uint8Array }, []>("SELECT frames FROM packs").all();
  const stored = Buffer.concat(packs.map(({ frames }) => Bun.zstdDecompressSync(frames)));
  const text = stored.toString("latin1").replaceAll("\0", "") + JSON.stringify(shown);
  const leaks = secrets.filter((secret) => text.includes(secret));
  return { shown, stored, leaks, hits, isFound: said.length > 0 };
}

const escaped = (text: string) =>
  [...text].map((c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`).join("");
const halves = (text: string) => [text.slice(0, 4), text.slice(4, 9), text.slice(9)];

/** An AWS event stream's message, without its checksums. */
function amazonMessage(payload: string): Buffer {
  const head = Buffer.alloc(12);
  head.writeUInt32BE(payload.length + 16);
  return Buffer.concat([head, Buffer.from(payload), Buffer.alloc(4)]);
}

const pieces = secrets.flatMap((secret) => ["harmless ", ...halves(secret), " "]);
const chat = (content: string) => JSON.stringify({ choices: [{ delta: { content } }] });
const tool = (parts: string) =>
  JSON.stringify({ choices: [{ delta: { tool_calls: [{ function: { arguments: parts } }] } }] });
const converse = (text: string) => JSON.stringify({ contentBlockIndex: 0, delta: { text } });
const events = (messages: string[]) => messages.map((message) => `data: ${message}\n\n`).join("");

test.each([
  ["text/event-stream", events(pieces.map(chat))],
  [
    "text/event-stream",
    events(['harmless {"k":"', ...secrets.map(escaped).flatMap(halves), '"}'].map(tool)),
  ],
  ["application/x-ndjson", pieces.map((response) => JSON.stringify({ response })).join("\n")],
  [
    "application/vnd.amazon.eventstream",
    Buffer.concat(
      pieces.map((piece) => amazonMessage(JSON.stringify({ bytes: btoa(converse(piece)) }))),
    ),
  ],
  ["application/vnd.amazon.eventstream", Buffer.concat(pieces.map(converse).map(amazonMessage))],
])("a stream in %s does not put secrets together again (%#)", async (type, reply) => {
  const { shown, leaks, hits, isFound, stored } = await logged({
    reply,
    replyHeaders: { "content-type": type },
  });

  expect([leaks, hits]).toEqual([[], []]);
  expect(isFound).toBe(true);
  expect(shown?.reply.assembled).toContain("harmless");
  expect(shown?.reply).toMatchObject({
    text: "[not kept: holds a secret in pieces]",
    base64: null,
    isCut: true,
  });
  expect(stored.includes(configured.slice(9))).toBe(false);
  expect(stored.includes(btoa(converse(configured.slice(9))))).toBe(false);
});

test("a message of a stream that hides a secret whole hides it no longer", async () => {
  const bytes = btoa(JSON.stringify({ odd: `${configured} ${own} ${shaped}` }));
  const odd = amazonMessage(JSON.stringify({ bytes }));
  const reply = Buffer.concat([amazonMessage(converse("harmless")), odd]);

  const { leaks, stored, isFound } = await logged({
    reply,
    replyHeaders: { "content-type": "application/vnd.amazon.eventstream" },
  });

  expect([leaks, isFound]).toEqual([[], true]);
  expect(stored.includes(bytes)).toBe(false);
});

test("a stream that holds a secret whole is kept, without it", async () => {
  const { shown, leaks } = await logged({
    reply: events([chat(`harmless ${configured}`)]),
    replyHeaders: { "content-type": "text/event-stream" },
  });

  expect(leaks).toEqual([]);
  expect(shown?.reply.text).toContain("data: ");
  expect(shown?.reply.assembled).toBe(`harmless ${"*".repeat(configured.length)}`);
});

test("JSON's escapes hide no secret, at any depth", async () => {
  const inner = `{"k":"${secrets.map(escaped).join(" ")}"}`;
  const { shown, leaks, hits } = await logged({
    request: `{"a":"${escaped(configured)}","b":"${own.replaceAll("/", "\\/")}","c":"h\\u00e4"}`,
    reply: JSON.stringify({ inner, text: "harmless" }),
  });

  expect([leaks, hits]).toEqual([[], []]);
  const stars = (text: string) => "*".repeat(text.length);
  const request = JSON.parse(shown?.request.text ?? "");
  expect(request).toEqual({ a: stars(configured), b: stars(own), c: "hä" });
  const reply = JSON.parse(shown?.reply.text ?? "");
  const hidden = `sk-${"*".repeat(shaped.length - 3)}`;
  expect(JSON.parse(reply.inner)).toEqual({ k: `${stars(configured)} ${stars(own)} ${hidden}` });
});

test("a text that hides nothing stays as it came, escapes and all", async () => {
  const request = '{"a":"h\\u00e4rmless \\/ \\u0073k","b":"\\n"}';

  expect((await logged({ request })).shown?.request.text).toBe(request);
});

test("the URL's escapes hide no secret", async () => {
  const hidden = [...shaped].map((c) => `%${c.charCodeAt(0).toString(16)}`).join("");
  const query = `x=${hidden}&y=${encodeURIComponent(own)}&z=%20`;
  const { shown } = await logged({ call: { ...call, query } });

  const stars = "*".repeat(encodeURIComponent(own).length);
  expect(shown?.url).toEndWith(`?x=sk-${"*".repeat(shaped.length - 3)}&y=${stars}&z=%20`);
});

const text = `{"said":"harmless ${secrets.join(" ")}"}`;
const wide = Buffer.from(text, "utf16le");
const json = "application/json";

test.each([
  ["coded twice", json, "gzip, br", brotliCompressSync(gzipSync(text))],
  ["coded, and not said", json, "", gzipSync(text)],
  ["coded by another, and not said", "", "", Bun.zstdCompressSync(Buffer.from(text))],
  ["coded once more than is said", json, "deflate", deflateSync(gzipSync(text))],
  ["not coded, whatever is said", json, "gzip", Buffer.from(text)],
  ["UTF-16", `${json}; charset=utf-16le`, "", wide],
  ["UTF-16, and not said", json, "", wide],
  ["UTF-16 of the other order", json, "", Buffer.from(wide).swap16()],
  ["UTF-16 with its mark", "", "", Buffer.concat([Buffer.from([0xff, 0xfe]), wide])],
  ["UTF-16 in gzip", json, "gzip", gzipSync(wide)],
])("what is %s is read, and masked", async (_, type, coding, reply) => {
  const replyHeaders = { "content-type": type, "content-encoding": coding };
  const { shown, leaks, isFound } = await logged({ reply, replyHeaders });

  expect([leaks, isFound]).toEqual([[], true]);
  expect(shown?.reply.text).toStartWith('{"said":"harmless ***');
});

const bomb = gzipSync(Buffer.alloc(50_000_000));

test.each([
  ["a bomb", json, "gzip", bomb],
  ["a picture that is a bomb", "image/png", "gzip", bomb],
  ["an unknown coding", json, "compress", gzipSync(text)],
  ["three codings", json, "gzip, gzip, gzip", gzipSync(gzipSync(gzipSync(text)))],
  ["what is neither text nor data by its type", json, "", Buffer.from([1, 2, 3, 0, 255, 254])],
  ["text with an odd byte", json, "", Buffer.concat([Buffer.from(text), Buffer.from([0xff])])],
])("of %s no byte is kept", async (_, type, coding, reply) => {
  const replyHeaders = { "content-type": type, "content-encoding": coding };
  const { shown, leaks, stored } = await logged({ reply, replyHeaders });

  expect(leaks).toEqual([]);
  expect(stored.includes(reply.subarray(0, 6))).toBe(false);
  expect(shown?.reply).toEqual({
    text: "[not kept: cannot be read]",
    assembled: null,
    base64: null,
    bytes: reply.length,
    isCut: true,
  });
});

test("data keeps its bytes, but for secrets as UTF-8 and UTF-16", async () => {
  const odd = Buffer.from([0xff, 0, 1]);
  const parts = [odd, Buffer.from(configured), odd, Buffer.from(own, "utf16le").swap16(), odd];
  const { shown, leaks } = await logged({
    reply: Buffer.concat([...parts, Buffer.from(configured, "utf16le")]),
    replyHeaders: { "content-type": "image/png" },
  });

  expect(leaks).toEqual([]);
  const kept = Buffer.from(shown?.reply.base64 ?? "", "base64");
  const length = 3 * (odd.length + configured.length) + 2 * own.length;
  expect(kept.length).toBe(length);
  expect(kept.toString("latin1").replace(/\*\0|\0\*|\*/g, "")).toBe(
    Buffer.concat([odd, odd, odd]).toString("latin1"),
  );
});

test("what ends one body does not hide how the next begins", async () => {
  const { leaks } = await logged({ request: "a word", reply: `${shaped} follows` });

  expect(leaks).toEqual([]);
});

test("what a client passes on, and looks like a credential, is taken for one", async () => {
  const headers = {
    "x-pass-x-odd": "passedvalue12345",
    "x-pass-x-scheme": "Odd passedvalue67890",
    "x-pass-accept": "application/json2",
    "x-pass-x-words": "just a few words 1",
  };
  const { shown } = await logged({ call: { headers }, reply: JSON.stringify(headers) });

  const said = JSON.parse(shown?.reply.text ?? "");
  expect(said["x-pass-x-odd"]).toBe("*".repeat(16));
  expect(said["x-pass-x-scheme"]).toBe(`Odd ${"*".repeat(16)}`);
  expect(said["x-pass-accept"]).toBe("application/json2");
  expect(said["x-pass-x-words"]).toBe("just a few words 1");
});

test("no backslash puts a word together for the search", async () => {
  await using given = start();
  logCall(given.log, { request: `s\\k-${"Ab1".repeat(12)}` });

  expect(await given.log.search({ text: shaped, limit: 1 })).toEqual([]);
});

test("a long run of backslashes is read once", () => {
  const run = "\\".repeat(1_000_000);

  expect(unescaped(Buffer.from(`${run} \\u0073k${run}n`))).toBe(`${run} sk${run}n`);
});
