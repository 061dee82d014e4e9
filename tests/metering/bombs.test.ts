import { describe, expect, test } from "bun:test";
import { brotliCompressSync, constants, createGzip, gzipSync, zstdCompressSync } from "node:zlib";
import { openMeter } from "../../src/metering/meter.ts";
import { coders, feed, inPartsOf } from "./feed.ts";
import { watch } from "./watching-fold.ts";

const json = "application/json";
const events = "text/event-stream";
const usage = '{"usage":{"total_tokens":7}}';

/** As long a reply as it takes, of which the end is worth something. */
function blanksBefore(end: string, bytes: number): Buffer {
  return Buffer.concat([Buffer.alloc(bytes, " "), Buffer.from(end)]);
}

async function decoded(contentType: string, contentEncoding: string, coded: Uint8Array) {
  const reply = { contentType, contentEncoding };
  return (await feed(reply, inPartsOf(1_000, coded))).metered;
}

describe("what grows beyond 100 times its size is given up early", () => {
  const bomb = blanksBefore(usage, 40 * 1024 * 1024);
  const bombs: readonly (readonly [string, Uint8Array])[] = [
    ["gzip", gzipSync(bomb)],
    ["br", brotliCompressSync(bomb, { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } })],
    ["zstd", zstdCompressSync(bomb)],
    ["gzip, zstd", zstdCompressSync(gzipSync(bomb))],
  ];

  test.each(bombs)("%s", async (coding, coded) => {
    for (const type of [json, events]) {
      const metered = await decoded(type, coding, coded);

      expect(metered).toMatchObject({ usage: null, isUnparsed: true });
      expect(metered.bytes).toBeLessThanOrEqual(Math.max(8 * 1024 * 1024, 100 * coded.length));
    }
  });

  test("but not a short reply that grows more", async () => {
    const metered = await decoded(json, "gzip", gzipSync(blanksBefore(usage, 8_000_000)));

    expect(metered).toMatchObject({ usage: { output: 7 }, isUnparsed: false });
  });
});

test("a document is decoded up to 32 MiB, a stream of events as long as it goes on", async () => {
  const line = `data: ${"0123456789".repeat(100)}\n\n`;
  const body = Buffer.concat([
    Buffer.from('{"a":"'),
    Buffer.alloc(40e6, line.replaceAll("\n", "")),
    Buffer.from(`",${usage.slice(1)}`),
  ]);
  const stream = Buffer.concat([Buffer.alloc(40e6, line), Buffer.from(`\n\ndata: ${usage}\n\n`)]);
  const pieces = async (contentType: string, of: Buffer) => {
    const fold = watch("usage");
    const meter = openMeter(fold, { contentType, contentEncoding: "gzip" });
    const gzip = createGzip({ level: 0, chunkSize: 256 * 1024 });
    gzip.end(of);
    for await (const part of gzip) {
      if (!(part instanceof Uint8Array)) throw new Error("no bytes");
      meter.chunk(part);
      await Bun.sleep(5);
    }
    return meter.end();
  };

  const document = await pieces(json, body);
  const streamed = await pieces(events, stream);

  expect(document).toMatchObject({ usage: null, isUnparsed: true });
  expect(document.bytes).toBeLessThanOrEqual(32 * 1024 * 1024);
  expect(streamed).toMatchObject({ usage: { output: 7 }, isUnparsed: false });
});

describe("coded bytes wait for their decoder", () => {
  const lines = Buffer.alloc(19_200_000, `: ${"0123456789".repeat(1_000)}\n\n`);
  const end = Buffer.from(`\n\ndata: ${usage}\n\n`);
  const reply = { contentType: events, contentEncoding: "gzip" };

  test("several MiB at once are read", async () => {
    const coded = gzipSync(Buffer.concat([lines.subarray(0, 12_000_000), end]), { level: 0 });

    const { metered } = await feed(reply, inPartsOf(64 * 1024, coded));

    expect(metered).toMatchObject({ usage: { output: 7 }, isUnparsed: false });
  });

  test("more than 16 MiB of one reply are given up", async () => {
    const coded = gzipSync(Buffer.concat([lines, end]), { level: 0 });

    const { metered } = await feed(reply, inPartsOf(64 * 1024, coded));

    expect(metered).toMatchObject({ usage: null, isUnparsed: true, bytes: 0 });
  });

  test("more than 64 MiB of all together are, and those that come later are read again", async () => {
    const coded = gzipSync(Buffer.concat([lines.subarray(0, 15_000_000), end]), { level: 0 });
    const all = Array.from({ length: 6 }, () => feed(reply, [coded]));

    const unparsed = (await Promise.all(all)).map(({ metered }) => metered.isUnparsed);
    const again = await Promise.all(all.slice(0, 4).map(() => feed(reply, [coded])));

    expect(unparsed).toEqual([false, false, false, false, true, true]);
    for (const { metered } of again) expect(metered).toMatchObject({ usage: { output: 7 } });
  });
});

test.each([
  "gzip, gzip, gzip",
  "gzip, gzip, gzip, gzip, gzip",
  "compress",
  "aws-chunked",
  "gzip;q=1",
])("the coding %s is not undone", async (coding) => {
  let coded: Uint8Array = Buffer.from(usage);
  for (const _ of coding.split(",")) coded = gzipSync(coded);

  const metered = await decoded(json, coding, coded);

  expect(metered).toMatchObject({ usage: null, isUnparsed: true, messages: 0 });
});

describe("a broken copy is unparsed", () => {
  test.each(Object.entries(coders))("%s", async (coding, code) => {
    const words = Array.from({ length: 3_000 }, (_, index) => `word ${index * index}`);
    const coded = new Uint8Array(code(Buffer.from(JSON.stringify({ words, usage: {} }))));
    coded.fill(0xff, coded.length / 2, coded.length / 2 + 50);

    expect(await decoded(json, coding, coded)).toMatchObject({ usage: null, isUnparsed: true });
  });

  test.each(Object.keys(coders))("what is not %s at all", async (coding) => {
    expect(await decoded(json, coding, Buffer.from(usage))).toMatchObject({ isUnparsed: true });
  });
});
