import { describe, expect, test } from "bun:test";
import { amazonMessage } from "./bodies.ts";
import { cutAt, feed, inPartsOf } from "./feed.ts";

const json = "application/json";
const usage = { total_tokens: 7 };

async function shownOf(document: unknown, size = 60_000) {
  const body = Buffer.from(typeof document === "string" ? document : JSON.stringify(document));
  const { shown, metered } = await feed({ contentType: json }, inPartsOf(size, body));
  return { messages: shown.map(({ message }) => message), metered };
}

describe("a long document is shown shortened", () => {
  test("a long list says how long it was", async () => {
    const vector = Array.from({ length: 3_000 }, (_, index) => index / 7);
    const data = Array.from({ length: 500 }, (_, index) => ({ index, embedding: vector }));

    const { messages, metered } = await shownOf({ object: "list", data, model: "e", usage });

    expect(messages).toEqual([{ object: "list", data: { length: 500 }, model: "e", usage }]);
    expect(metered).toMatchObject({ usage: { output: 7 }, isUnparsed: false, messages: 1 });
  });

  test("long strings are empty, and the list they stand in stays one", async () => {
    const image = { b64_json: 'ab\\"\n'.repeat(200_000), revised_prompt: "a cat" };

    const { messages } = await shownOf({ created: 1, data: [image, image, image], usage });

    const short = { b64_json: "", revised_prompt: "a cat" };
    expect(messages).toEqual([{ created: 1, data: [short, short, short], usage }]);
  });

  test("an object of very many members is null", async () => {
    const many = Object.fromEntries(Array.from({ length: 50_000 }, (_, key) => [`k${key}`, "}"]));

    expect((await shownOf({ many, usage })).messages).toEqual([{ many: null, usage }]);
  });

  test("what is nested very deep is null", async () => {
    const deep = `${'{"a":['.repeat(50_000)}${"]}".repeat(50_000)}`;

    const { messages, metered } = await shownOf(`{"usage":{"total_tokens":7},"deep":[${deep},1]}`);

    expect(metered).toMatchObject({ usage: { output: 7 }, isUnparsed: false });
    expect(JSON.stringify(messages).length).toBeLessThan(1_000);
  });

  test("so is the rest of what is nested deeper than 64", async () => {
    const nested = (open: string, inner: string, close: string) =>
      `{"deep":${open.repeat(64)}${inner}${close.repeat(64)},"usage":{}}`;
    for (const [open, close] of [
      ["[", "]"],
      ['{"a":', "}"],
    ] as const) {
      const { messages } = await shownOf(nested(open, '[[1,[2,"]"]],{}]', close));

      expect(messages).toEqual([
        JSON.parse(nested(open, "null", close).replace(`${open}null${close}`, "null")),
      ]);
    }
  });

  test("blanks without end are one", async () => {
    const blanks = " \n".repeat(50_000);

    const { messages } = await shownOf(
      `${blanks}{${blanks}"usage"${blanks}: ${blanks}{}}${blanks}`,
    );

    expect(messages).toEqual([{ usage: {} }]);
  });

  test("wherever it is cut", async () => {
    const strings = ['"'.repeat(5_000), "\\".repeat(5_001), 'é\\"'.repeat(2_000), "[{"];
    const list = Array.from({ length: 1_500 }, (_, index) => [index, `]"${index}`, { a: [] }]);
    const body = Buffer.from(JSON.stringify({ strings, list, none: [], usage }));
    const expected = { strings: ["", "", "", "[{"], list: { length: 1_500 }, none: [], usage };
    for (let at = 0; at <= body.length; at += 61) {
      const { shown } = await feed({ contentType: json }, cutAt(body, at));
      expect(shown).toEqual([{ message: expected, event: null }]);
    }
    for (const size of [1, 2, 3, 4_095, 4_096, 4_097]) {
      const { shown } = await feed({ contentType: json }, inPartsOf(size, body));
      expect(shown).toEqual([{ message: expected, event: null }]);
    }
  });
});

describe("what cannot be kept even so is unparsed", () => {
  test("a document of a million members", async () => {
    const members = Array.from({ length: 1_000_000 }, (_, key) => `"${key}":0`).join(",");

    const { messages, metered } = await shownOf(`{${members},"usage":{"total_tokens":7}}`);

    expect(messages).toEqual([]);
    expect(metered).toMatchObject({ usage: null, isUnparsed: true });
  });

  test.each([5_000, 12_000, 1e7])("a number of %d digits", async (digits) => {
    const { messages, metered } = await shownOf(`{"n":[${"1".repeat(digits)}],"usage":{}}`);

    expect(messages).toEqual([]);
    expect(metered.isUnparsed).toBe(true);
  });

  test("strings one after the other, which is no JSON", async () => {
    const { metered } = await shownOf(`{${'"usage" '.repeat(100_000)}}`);

    expect(metered.isUnparsed).toBe(true);
  });

  test("one message of a list leaves the others as they are", async () => {
    const members = Array.from({ length: 100_000 }, (_, key) => `"${key}":0`).join(",");

    const { messages, metered } = await shownOf(`[{${members}},{"usage":{"total_tokens":7}}]`);

    expect(messages).toEqual([{ usage }]);
    expect(metered).toMatchObject({ usage: { output: 7 }, isUnparsed: true });
  });
});

describe("a large message of a stream is shown shortened", () => {
  const image = "A".repeat(3_000_000);
  const completed = JSON.stringify({ response: { output: [{ result: image }], usage }, usage });
  const expected = { response: { output: [{ result: "" }], usage }, usage };

  test.each([1_000, 65_536, 10_000_000])("as an event in parts of %d bytes", async (size) => {
    const frames = `event: a\ndata: {}\n\nevent: completed\r\ndata: ${completed}\r\n\r\ndata: {"usage":1}\n\n`;

    const { shown, metered } = await feed(
      { contentType: "text/event-stream" },
      inPartsOf(size, Buffer.from(frames)),
    );

    expect(shown).toEqual([
      { message: expected, event: "completed" },
      { message: { usage: 1 }, event: null },
    ]);
    expect(metered).toMatchObject({ messages: 3, isUnparsed: false });
  });

  test.each([1_000, 65_536, 10_000_000])("as a line in parts of %d bytes", async (size) => {
    const lines = `{}\n${completed}\n{"usage":1}\n`;

    const { shown, metered } = await feed(
      { contentType: "application/jsonl" },
      inPartsOf(size, Buffer.from(lines)),
    );

    expect(shown.map(({ message }) => message)).toEqual([expected, { usage: 1 }]);
    expect(metered).toMatchObject({ messages: 3, isUnparsed: false });
  });

  test("but not of AWS's, which are small: it is skipped, and the next one read", async () => {
    const body = Buffer.concat([
      amazonMessage("a", completed),
      amazonMessage("b", JSON.stringify({ usage })),
    ]);
    for (const at of [0, 3, 11, 12, 13, 65_536, body.length]) {
      const { shown, metered } = await feed(
        { contentType: "application/vnd.amazon.eventstream" },
        cutAt(body, at),
      );

      expect(shown).toEqual([{ message: { usage }, event: "b" }]);
      expect(metered).toMatchObject({ messages: 2, isUnparsed: true });
    }
  });
});
