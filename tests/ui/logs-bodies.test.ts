import { expect, test } from "bun:test";
import { jsonOf, treeOf } from "../../src/ui/bodies/json-body.ts";
import { formOf } from "../../src/ui/pages/logs/body.ts";
import { eventsOf, jsonLinesOf } from "../../src/ui/bodies/events.ts";
import { bytesOfBase64, hexDump } from "../../src/ui/bodies/hex.ts";
import { mediaIn, mediaOf } from "../../src/ui/bodies/media.ts";
import { hides, oneLine, revealed } from "../../src/ui/parts/reveal.ts";

const png =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

const body = (type: string, text: string | null, base64: string | null = null) => ({
  body: text,
  body_base64: base64,
  bytes: 1,
  headers: { "content-type": type },
});

test("a stream's events are read as a browser reads them", () => {
  const text =
    "\ufeff: hello\n\nevent: a\ndata: one\ndata:two\nid: 7\n\r\ndata\r\rdata:  x\r\n\r\nretry: 5\n\ndata: cut";

  expect(eventsOf(text)).toEqual({
    events: [
      { name: "a", id: "7", data: "one\ntwo" },
      { name: "message", id: null, data: "" },
      { name: "message", id: null, data: " x" },
    ],
    rest: "data: cut",
  });
});

test("ten thousand events are read at once", () => {
  const text = `data: ${JSON.stringify({ text: "x".repeat(100) })}\n\n`.repeat(10_000);

  expect(eventsOf(text).events).toHaveLength(10_000);
});

test("lines of JSON are events, and what is cut is the rest", () => {
  expect(jsonLinesOf('{"a":1}\n\n{"b":2}').events.map(({ data }) => data)).toEqual([
    '{"a":1}',
    '{"b":2}',
  ]);
  expect(jsonLinesOf('{"a":1}\n{"b').rest).toBe('{"b');
});

test("bytes are told in sixteens, with what can be seen of them", () => {
  const bytes = Uint8Array.from([
    72,
    105,
    0,
    255,
    ...new TextEncoder().encode("<b>0123456789</b>"),
  ]);

  expect(hexDump(bytes)).toBe(
    "00000000  48 69 00 ff 3c 62 3e 30  31 32 33 34 35 36 37 38  |Hi..<b>012345678|\n" +
      "00000010  39 3c 2f 62 3e                                    |9</b>|",
  );
  expect(hexDump(bytes, 16).split("\n")).toHaveLength(1);
  expect(hexDump(new Uint8Array())).toBe("");
});

test("base64 of either alphabet is read, anything else is none", () => {
  expect([...(bytesOfBase64("-_8=") ?? [])]).toEqual([251, 255]);
  expect(bytesOfBase64("not base64!")).toBeNull();
});

test.each([
  ["application/json", '{"a":[1]}', "json"],
  ["text/plain", ' [{"a":1}] ', "json"],
  ["application/json", '{"a":', "text"],
  ["application/json", '"text"', "text"],
  ["text/event-stream; charset=utf-8", "data: 1\n\n", "events"],
  ["application/x-ndjson", "{}\n{}", "events"],
  ["image/svg+xml", "<svg onload=alert(1)>", "media"],
  ["text/html", "<script>alert(1)</script>", "text"],
  ["application/octet-stream", "[not kept: cannot be read]", "missing"],
  ["text/plain", "[not kept: cannot be read] and more", "text"],
])("a text of %s is shown as what it is: %s", (type, text, kind) => {
  expect<string>(formOf(body(type, text)).kind).toBe(kind);
});

test("bytes are a picture where their type says so, and bytes else", () => {
  expect(formOf(body("image/png", null, png))).toMatchObject({
    kind: "media",
    media: { kind: "image", type: "image/png" },
  });
  expect(formOf(body("text/html", null, png)).kind).toBe("bytes");
  expect(formOf({ ...body("image/png", null, ""), bytes: 0 }).kind).toBe("empty");
  expect(formOf(body("audio/mpeg", null, "$$")).kind).toBe("missing");
});

test.each(["text/html", "image/svg+xml2", "application/pdf", "image/png,text/html", ""])(
  "%p is never shown as media",
  (type) => expect(mediaOf(type)).toBeNull(),
);

test("pictures and sounds in JSON are found, with their places", () => {
  const found = mediaIn({
    data: [{ b64_json: png }],
    content: [{ image_url: { url: `data:image/png;base64,${png}` } }],
    html: `data:text/html;base64,${png}`,
    short: "iVBORw0KGgo",
    other: `iVBORw0KGgo<script>${"x".repeat(100)}`,
  });

  expect(found.map(({ place, type }) => [place, type])).toEqual([
    ["data[0].b64_json", "image/png"],
    ["content[0].image_url.url", "image/png"],
  ]);
});

test("what is hidden in a text is seen", () => {
  expect(revealed("a\u202eb\0c\u200bd\re\r\nf\tg\u{e0041}")).toBe(
    "a⟨U+202E⟩b⟨U+0000⟩c⟨U+200B⟩d⟨U+000D⟩e\r\nf\tg⟨U+E0041⟩",
  );
  expect(revealed("größe 👩‍👩‍👧 日本 עברית")).toBe("größe 👩‍👩‍👧 日本 עברית");
  expect([hides("plain\n"), hides("\u2066"), hides("\u2066")]).toEqual([false, true, true]);
});

test("a cell holds one line of a text, and its beginning", () => {
  expect(oneLine("a\r\nb\tc")).toBe("a b c");
  expect(oneLine("x".repeat(500), 10)).toBe(`${"x".repeat(10)}…`);
  expect(oneLine("\u202e".repeat(500), 8).length).toBeLessThan(20);
});

test("a tree's value hides nothing, and its long texts are cut", () => {
  const value = jsonOf(`{"\\u202eid":"\\u0007","long":"${"y".repeat(5_000)}","__proto__":1}`);
  const tree = JSON.stringify(treeOf(value));

  expect(tree).toContain('"⟨U+202E⟩id":"⟨U+0007⟩"');
  expect(tree).toContain("5,000 characters");
  expect(tree).toContain('"__proto__":1');
  expect(tree.length).toBeLessThan(1_000);
});

test("a value that is nested too deeply is cut", () => {
  const value = jsonOf("[".repeat(5_000) + "]".repeat(5_000));

  expect(JSON.stringify(treeOf(value))).toContain("…");
  expect(mediaIn(value)).toEqual([]);
});
