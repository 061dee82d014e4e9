import { describe, expect, test } from "bun:test";
import { createBrotliCompress, createGzip, createZstdCompress } from "node:zlib";
import { openMeter } from "../../src/metering/meter.ts";
import { samples } from "./bodies.ts";
import { coders, feed } from "./feed.ts";
import { watch } from "./watching-fold.ts";

const json = "application/json";
const events = "text/event-stream";

describe.each(Object.entries(samples))(
  "%s that breaks off",
  (_, { contentType, body, messages, shown }) => {
    test("tells no more than the whole does, and no other thing", async () => {
      for (let at = 0; at < body.length; at += 1) {
        const part = await feed({ contentType }, [body.subarray(0, at)]);

        expect(part.shown).toEqual(shown.slice(0, part.shown.length));
        expect(part.metered.messages).toBeLessThanOrEqual(messages + 1);
      }
    });

    test.each(Object.entries(coders))(
      "ends as quickly coded as %s",
      async (contentEncoding, code) => {
        const coded = code(body);
        const parts = Array.from({ length: coded.length }, (_, at) => [coded.subarray(0, at)]);
        const readings = parts.map((part) => feed({ contentType, contentEncoding }, part));
        for (const part of await Promise.all(readings)) {
          expect(part.shown).toEqual(shown.slice(0, part.shown.length));
        }
      },
    );
  },
);

test("half a document is unparsed, half a stream is not", async () => {
  const document = await feed({ contentType: json }, [Buffer.from('{"usage":{"total_tokens":7}')]);
  const stream = await feed({ contentType: events }, [
    Buffer.from('data: {"usage":{"total_tokens":7}}\n\ndata: {"usage":{"tot'),
  ]);

  expect(document.metered).toMatchObject({ usage: null, isUnparsed: true });
  expect(stream.metered).toMatchObject({ usage: { output: 7 }, isUnparsed: false });
});

test("a document that ends in the middle of its list has told what was there", async () => {
  const { metered } = await feed({ contentType: json }, [
    Buffer.from('[{"usage":{"total_tokens":7}},\n{"usage":{"total_tok'),
  ]);

  expect(metered).toMatchObject({ usage: { output: 7 }, isUnparsed: false, messages: 1 });
});

describe("a coded stream is read while it goes on", () => {
  const encoders = {
    gzip: () => createGzip(),
    br: () => createBrotliCompress(),
    zstd: () => createZstdCompress(),
  };

  test.each(Object.entries(encoders))("%s", async (contentEncoding, open) => {
    const fold = watch("usage");
    const meter = openMeter(fold, { contentType: events, contentEncoding });
    const encoder = open();
    encoder.on("data", (part: Buffer) => meter.chunk(part));

    encoder.write('data: {"usage":{"total_tokens":7}}\n\n');
    await new Promise<void>((resolve) => encoder.flush(() => resolve()));
    for (let tries = 0; tries < 100 && fold.shown.length === 0; tries += 1) await Bun.sleep(5);

    expect(fold.shown).toHaveLength(1);
    expect(await meter.end()).toMatchObject({ usage: { output: 7 }, isUnparsed: false });
  });
});
