import { describe, expect, spyOn, test } from "bun:test";
import { gzipSync } from "node:zlib";
import type { UsageFold } from "../../src/core/metering.ts";
import { meterWhole, openMeter } from "../../src/metering/meter.ts";
import { amazonMessage, samples } from "./bodies.ts";
import { coders, cutAt, feed } from "./feed.ts";
import { watch } from "./watching-fold.ts";

const json = "application/json";
const events = "text/event-stream";
const plain = { contentType: json, contentEncoding: "" };
const document = Buffer.from('{"model":"m","usage":{"total_tokens":7}}');

describe("without a marker nothing is parsed", () => {
  test.each(Object.entries(samples))("%s", async (_, { contentType, body, messages }) => {
    using parse = spyOn(JSON, "parse");

    const { shown, metered } = await feed({ contentType, markers: ["unheard"] }, cutAt(body, 90));
    const whole = await meterWhole(watch("unheard"), { contentType, contentEncoding: "" }, body);

    expect(parse).not.toHaveBeenCalled();
    expect(shown).toEqual([]);
    expect(metered).toEqual({ ...whole });
    expect(metered).toMatchObject({ messages, isUnparsed: false, usage: null, bytes: body.length });
  });

  test("nor where there are no markers at all", async () => {
    const { shown } = await feed({ contentType: json, markers: [] }, [document]);

    expect(shown).toEqual([]);
  });
});

test("an empty marker is in every message", async () => {
  const stream = Buffer.from('data: {"a":1}\n\ndata: {"b":2}\n\n');

  const { shown } = await feed({ contentType: events, markers: [""] }, cutAt(stream, 20));

  expect(shown.map(({ message }) => message)).toEqual([{ a: 1 }, { b: 2 }]);
});

test("a marker across two chunks is found, one across two frames is none", async () => {
  const stream = Buffer.from('data: {"a":"us"}\n\ndata: {"age":0}\n\ndata: {"usage":1}\n\n');
  for (let at = 0; at < stream.length; at += 1) {
    const { shown } = await feed({ contentType: events }, cutAt(stream, at));

    expect(shown.map(({ message }) => message)).toEqual([{ usage: 1 }]);
  }
});

describe("a reply read as a whole", () => {
  test("is parsed once", () => {
    using parse = spyOn(JSON, "parse");

    const metered = meterWhole(watch("model", "usage"), plain, document);

    expect(parse).toHaveBeenCalledTimes(1);
    expect(metered).toEqual({
      provider: "test",
      model: null,
      usage: { output: 7 },
      isFinal: true,
      isInvalid: false,
      once: null,
      messages: 1,
      bytes: document.length,
      isUnparsed: false,
    });
  });

  test.each(Object.entries(samples))("%s: as in parts", async (_, { contentType, body, shown }) => {
    const inParts = await feed({ contentType }, cutAt(body, 50));
    for (const [contentEncoding, code] of [
      ["", (bytes: Buffer) => bytes] as const,
      ...Object.entries(coders),
    ]) {
      const fold = watch("usage");
      const metered = await meterWhole(fold, { contentType, contentEncoding }, code(body));

      expect(fold.shown).toEqual([...shown]);
      expect(metered).toEqual(inParts.metered);
    }
  });

  test("is there at once where it is short when decoded, later where it is long", async () => {
    const long = Buffer.from(
      JSON.stringify({ usage: { total_tokens: 7 }, a: "b".repeat(900_000) }),
    );
    const head = { contentType: json, contentEncoding: "gzip" };

    const short = meterWhole(watch("usage"), head, gzipSync(document));
    const later = meterWhole(watch("usage"), head, gzipSync(long));

    expect(short).toMatchObject({ usage: { output: 7 }, bytes: document.length });
    expect(later).toBeInstanceOf(Promise);
    expect(await later).toMatchObject({ usage: { output: 7 }, bytes: long.length });
  });

  test("that is longer is shown shortened", () => {
    const fold = watch("usage");
    const long = { usage: { total_tokens: 7 }, a: "b".repeat(70_000) };

    const metered = meterWhole(fold, plain, Buffer.from(JSON.stringify(long)));

    expect(metered).toMatchObject({ usage: { output: 7 } });
    expect(fold.shown).toEqual([{ message: { ...long, a: "" }, event: null }]);
  });

  test("that is not what it says is unparsed, if it says anything", () => {
    const metered = (text: string) => meterWhole(watch("usage"), plain, Buffer.from(text));

    expect(metered('{"usage":')).toMatchObject({ usage: null, isUnparsed: true });
    expect(metered("<html>{ usage }</html>")).toMatchObject({ usage: null, isUnparsed: true });
    expect(metered("<html></html>")).toMatchObject({ usage: null, isUnparsed: false });
    expect(metered("")).toMatchObject({ usage: null, isUnparsed: false, messages: 0 });
  });
});

test.each(["audio/mpeg", "image/png", "multipart/mixed; boundary=a", "text/html"])(
  "%s is counted, not read",
  async (contentType) => {
    for (const contentEncoding of ["", "gzip", "unheard"]) {
      const { shown, metered } = await feed({ contentType, contentEncoding }, cutAt(document, 9));

      expect(shown).toEqual([]);
      expect(metered).toMatchObject({ messages: 0, bytes: document.length, isUnparsed: false });
    }
  },
);

test("a byte order mark is no part of the first event", async () => {
  const stream = Buffer.from("\uFEFFdata: {}\n\ndata: {}\n\n");
  for (let at = 0; at < stream.length; at += 1) {
    expect((await feed({ contentType: events }, cutAt(stream, at))).metered.messages).toBe(2);
  }
});

test("a chunk may be the memory of the chunk before", () => {
  const meter = openMeter(watch("usage"), { contentType: events, contentEncoding: "" });
  const chunk = Buffer.alloc(19);
  for (const text of [
    "event: a\ndata: {}\n\n",
    "event: a\nid: 4567\n\n",
    "data: {}\n\nevent: a\n",
  ]) {
    chunk.write(text);
    meter.chunk(chunk);
  }

  expect(meter.end()).toMatchObject({ messages: 2 });
});

test("a list without an object is a document of which nothing matters", async () => {
  for (const list of ["[]", '[1, "usage"]']) {
    const { shown, metered } = await feed({ contentType: json }, [Buffer.from(list)]);

    expect(shown).toEqual([]);
    expect(metered.isUnparsed).toBe(false);
  }
});

test("an exception in an event stream of AWS is shown by its name", async () => {
  const body = amazonMessage("throttlingException", '{"usage":0}', "exception");

  const { shown } = await feed({ contentType: "application/vnd.amazon.eventstream" }, [body]);

  expect(shown).toEqual([{ message: { usage: 0 }, event: "throttlingException" }]);
});

test("an event that is broken is told, and the next one read", async () => {
  const stream = 'data: {"usage":\n\ndata: {"usage":{"total_tokens":7}}\n\n';

  const { metered } = await feed({ contentType: events }, [Buffer.from(stream)]);

  expect(metered).toMatchObject({ usage: { output: 7 }, messages: 2, isUnparsed: true });
});

test("an event stream of AWS whose checksum is wrong is unparsed", async () => {
  const sample = samples["an event stream of AWS"];
  if (sample === undefined) throw new Error("no such sample");
  const body = new Uint8Array(sample.body);
  body[body.length - 1] = (body[body.length - 1] ?? 0) ^ 1;

  const { shown, metered } = await feed({ contentType: sample.contentType }, [body]);

  expect(shown).toHaveLength(1);
  expect(metered).toMatchObject({ usage: null, isUnparsed: true, messages: 4 });
});

test("bytes that are no event stream are not taken for one", async () => {
  for (const byte of [0, 0x22, 0xff]) {
    const noise = new Uint8Array(100_000).fill(byte);

    const { metered } = await feed({ contentType: "application/vnd.amazon.eventstream" }, [noise]);

    expect(metered).toMatchObject({ messages: 0, isUnparsed: true, bytes: noise.length });
  }
});

test("a fold that fails breaks nothing", async () => {
  const failing: UsageFold = {
    ...watch("usage"),
    add: () => {
      throw new Error("broken");
    },
  };
  const meter = openMeter(failing, { contentType: events, contentEncoding: "" });

  meter.chunk(Buffer.from('data: {"usage":1}\n\n'));

  expect(meter.end()).toMatchObject({ isUnparsed: true });
  expect(meterWhole(failing, plain, document)).toMatchObject({ isUnparsed: true });
});
