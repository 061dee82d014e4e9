import { describe, expect, test } from "bun:test";
import { KeySecret } from "../../src/core/key.ts";
import type { Principal } from "../../src/core/key-record.ts";
import { noNotes, notesOf, shownModel } from "../../src/gateway/notes.ts";
import { callOf, holder, keyRecord, keysOf, teamRecord } from "./calls.ts";

const master = "sk-master-0123456789abcdef";
const virtual = "sk-virtual-0123456789abcdef";
const own = { masterKey: new KeySecret(master), keys: keysOf({ [virtual]: keyRecord() }) };
const anonymous: Principal = { kind: "anonymous" };

const notes = (headers: Record<string, string>, who: Principal = anonymous) =>
  notesOf(callOf({ headers }), who, own);

test("mostly nothing is said, and that costs nothing", () => {
  expect(notes({})).toBe(noNotes);
  expect(notes({}, holder())).toBe(noNotes);
  expect(notes({}, holder({}, teamRecord()))).toBe(noNotes);
  expect(notes({ "x-litellm-tags": " , ," })).toBe(noNotes);
});

describe("tags", () => {
  test.each<readonly [Record<string, string>, readonly string[]]>([
    [{ "x-litellm-tags": "a, b ,c" }, ["a", "b", "c"]],
    [{ tags: "a,,b," }, ["a", "b"]],
    [{ "x-litellm-tags": "a,b", tags: "b,c" }, ["a", "b", "c"]],
    [{ tags: `a,${virtual},Bearer ${master},b` }, ["a", "b"]],
    [{ tags: "a\tb,\u0085,c" }, ["ab", "c"]],
    [{ tags: "__proto__,constructor" }, ["__proto__", "constructor"]],
  ])("%j", (headers, tags) => {
    expect(notes(headers).tags).toEqual(tags);
  });

  test("of the key and the team too, and those are never pushed out", () => {
    const who = holder({ tags: ["k"] }, teamRecord({ tags: ["t", "a"] }));
    const many = Array.from({ length: 50 }, (_, n) => `n${n}`).join(",");

    expect(notes({ tags: "a,b" }, who).tags).toEqual(["k", "t", "a", "b"]);
    expect(notes({}, who).tags).toEqual(["k", "t", "a"]);
    expect(notes({}, holder({ tags: ["k"] })).tags).toEqual(["k"]);
    expect(notes({ tags: many }, who).tags.length).toBe(3 + 32);
  });

  test("are bounded", () => {
    expect(notes({ tags: "x".repeat(500) }).tags).toEqual(["x".repeat(128)]);
    expect(notes({ tags: ",".repeat(60_000) })).toBe(noNotes);
    expect(notes({ tags: `${`${virtual},`.repeat(2_000)}a` })).toBe(noNotes);
    expect(notes({ tags: `${"a,".repeat(126)}b,c` }).tags).toEqual(["a", "b"]);
  });
});

describe("the end user", () => {
  test.each<readonly [Record<string, string>, string | null]>([
    [{ "x-litellm-end-user-id": "ann" }, "ann"],
    [{ "x-litellm-customer-id": " ben " }, "ben"],
    [{ "x-litellm-end-user-id": "ann", "x-litellm-customer-id": "ben" }, "ann"],
    [{ "x-litellm-end-user-id": "" }, null],
    [{ "x-litellm-end-user-id": virtual }, null],
    [{ "x-litellm-end-user-id": `${virtual.slice(0, 250)},x` }, null],
    [{ "x-litellm-end-user-id": "é".repeat(300) }, "é".repeat(256)],
  ])("%j", (headers, endUser) => {
    expect(notes(headers).endUser).toBe(endUser);
  });

  test("half a key is not left over where it is cut", () => {
    expect(notes({ "x-litellm-end-user-id": `${"x".repeat(240)} ${virtual}` }).endUser).toBeNull();
  });
});

describe("metadata", () => {
  test.each<readonly [string, string | null]>([
    ['{"a": 1,  "b":[true,null]}', '{"a":1,"b":[true,null]}'],
    ['{"a":1,"a":2}', '{"a":2}'],
    ['{"__proto__":{"x":1}}', '{"__proto__":{"x":1}}'],
    [`{"a":"${virtual}","b":"x"}`, '{"b":"x"}'],
    [`{"${master}":1,"b":{"c":["Bearer ${virtual}","d"]}}`, '{"b":{"c":[null,"d"]}}'],
    [`{"a":"\\u0073k-virtual-0123456789abcdef"}`, "{}"],
    ["[1]", null],
    ['"text"', null],
    ["null", null],
    ["{", null],
    ["", null],
    [`{"a":"${"x".repeat(8_192)}"}`, null],
    [`{"a":[${"1e20,".repeat(300)}1]}`, `{"a":[${`1${"0".repeat(20)},`.repeat(300)}1]}`],
    [`{"a":[${"1e20,".repeat(1_600)}1]}`, null],
    [`{"a":"${"é".repeat(5_000)}"}`, null],
    [
      `{"a":${"[".repeat(4_000)}${"]".repeat(4_000)}}`,
      `{"a":${"[".repeat(4_000)}${"]".repeat(4_000)}}`,
    ],
  ])("%.80s", (text, metadata) => {
    expect(notes({ "x-litellm-spend-logs-metadata": text }).metadata).toBe(metadata);
  });
});

test.each<readonly [string, string | null]>([
  ["gpt-4o", "gpt-4o"],
  [virtual, null],
  [`openai/${master}`, null],
  [`${"x".repeat(250)} ${virtual}`, null],
  [encodeURIComponent(`a ${virtual}`), null],
  ["a\u0000b\n\u001b[31mc", "ab[31mc"],
  ["x".repeat(1_000_000), "x".repeat(256)],
  [`${"x".repeat(255)}😀`, `${"x".repeat(255)}\uFFFD`],
  ["\uD800", "\uFFFD"],
  ["", null],
])("a model is recorded as it may be: %.40j", (name, shown) => {
  expect(shownModel(name, own)).toBe(shown);
});
