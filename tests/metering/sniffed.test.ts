import { describe, expect, test } from "bun:test";
import { gzipSync } from "node:zlib";
import { meterWhole } from "../../src/metering/meter.ts";
import { cutAt, feed, inPartsOf } from "./feed.ts";
import { watch } from "./watching-fold.ts";

const usage = '{"model":"m","usage":{"total_tokens":7}}';
const bodies: Readonly<Record<string, string>> = {
  "a document": `\n ${usage}`,
  "a document behind a byte order mark": `\uFEFF${usage}`,
  "a list": `[{"a":1},${usage}]`,
  events: `data: {"a":1}\n\ndata: ${usage}\n\n`,
  "events with names": `\r\nevent: done\r\ndata: ${usage}\r\n\r\n`,
  "events behind a comment": `: ping\n\ndata: ${usage}\n\n`,
};

describe.each(["text/plain; charset=utf-8", "application/octet-stream", "", ", text/plain", " "])(
  "of the type %p",
  (contentType) => {
    test.each(Object.entries(bodies))("%s is read, wherever it is cut", async (_, text) => {
      const body = Buffer.from(text);
      for (let at = 0; at <= body.length; at += 1) {
        const { metered } = await feed({ contentType }, cutAt(body, at));
        expect(metered).toMatchObject({ usage: { output: 7 }, isUnparsed: false });
      }
      const { metered } = await feed({ contentType }, inPartsOf(1, body));
      expect(metered).toMatchObject({ usage: { output: 7 }, bytes: body.length });
    });

    test.each(Object.entries(bodies))("%s is read coded, and as a whole", async (_, text) => {
      const coded = gzipSync(text);
      const { metered } = await feed({ contentType, contentEncoding: "gzip" }, cutAt(coded, 12));
      expect(metered).toMatchObject({ usage: { output: 7 }, isUnparsed: false });
      for (const contentEncoding of ["", "gzip"]) {
        const bytes = contentEncoding === "" ? Buffer.from(text) : coded;
        const whole = await meterWhole(watch("usage"), { contentType, contentEncoding }, bytes);
        expect(whole).toMatchObject({ usage: { output: 7 }, isUnparsed: false });
      }
    });

    test("anything else is counted, not read, and of what is coded no more is decoded", async () => {
      for (const start of ["ID3", "date: ", "dat", "e", "<p>", "7", "\x89PNG"]) {
        const body = Buffer.concat([
          Buffer.from(start, "latin1"),
          Buffer.from(`\n\ndata: ${usage}\n\n`),
        ]);
        const plain = await feed({ contentType }, inPartsOf(5, body));
        expect(plain.shown).toEqual([]);
        expect(plain.metered).toMatchObject({ messages: 0, bytes: body.length, isUnparsed: false });
      }
      const long = gzipSync(Buffer.concat([Buffer.from("ID3"), Buffer.alloc(4_000_000)]));
      const coded = await feed({ contentType, contentEncoding: "gzip" }, inPartsOf(1_000, long));
      expect(coded.metered).toMatchObject({ messages: 0, usage: null, isUnparsed: false });
      expect(coded.metered.bytes).toBeLessThan(100_000);
    });
  },
);

test("sound and pictures are not looked at, whatever they begin with", async () => {
  for (const contentType of ["audio/mpeg", "image/png", "video/mp4"]) {
    expect((await feed({ contentType }, [Buffer.from(usage)])).shown).toEqual([]);
  }
});
