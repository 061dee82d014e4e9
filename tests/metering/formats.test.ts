import { describe, expect, test } from "bun:test";
import { gzipSync } from "node:zlib";
import { samples } from "./bodies.ts";
import { coders, cutAt, feed, inPartsOf, type Reading } from "./feed.ts";

const told = { output: 7 };

describe.each(Object.entries(samples))("%s", (_, { contentType, body, messages, shown }) => {
  const expected = (reading: Reading) => {
    expect(reading.shown).toEqual(shown);
    const { usage, isUnparsed, messages: counted, bytes } = reading.metered;
    expect({ usage, isUnparsed, counted, bytes }).toEqual({
      usage: told,
      isUnparsed: false,
      counted: messages,
      bytes: body.length,
    });
  };

  test("is read as a whole", async () => {
    expected(await feed({ contentType }, [body]));
  });

  test("is read alike wherever it is cut in two", async () => {
    for (let at = 0; at <= body.length; at += 1) {
      expected(await feed({ contentType }, cutAt(body, at)));
    }
  });

  test("is read alike in parts of any size", async () => {
    for (let size = 1; size < 40; size += 1) {
      expected(await feed({ contentType }, inPartsOf(size, body)));
    }
  });

  // The others differ from these in their type alone.
  if (contentType === "" || contentType.includes("+json")) return;

  test.each(Object.entries(coders))(
    "is read alike coded as %s, wherever it is cut",
    async (coding, code) => {
      const coded = code(body);
      const reply = { contentType, contentEncoding: coding };
      expected(await feed(reply, inPartsOf(1, coded)));
      const cuts = Array.from({ length: coded.length + 1 }, (_, at) => cutAt(coded, at));
      for (const reading of await Promise.all(cuts.map((cut) => feed(reply, cut))))
        expected(reading);
    },
  );
});

test("names of codings and types are read as loosely as others read them", async () => {
  const sample = samples["a JSON document"];
  if (sample === undefined) throw new Error("no such sample");
  const reply = {
    contentType: " Application/JSON ;charset=x",
    contentEncoding: " X-GZip , identity",
  };

  const { metered } = await feed(reply, [gzipSync(sample.body)]);

  expect(metered).toMatchObject({ usage: told, isUnparsed: false });
});
