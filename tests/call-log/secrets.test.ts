import { expect, test } from "bun:test";
import { maskShapes, maskValues, needlesOf } from "../../src/call-log/mask-secrets.ts";
import { credentialsIn, safeHeaders } from "../../src/call-log/safe-headers.ts";
import { safeUrl } from "../../src/call-log/safe-url.ts";

test("only headers that are known to be harmless keep their values", () => {
  const headers = {
    "content-type": "application/json",
    "x-ratelimit-remaining-tokens": "10",
    "x-litellm-tags": "a",
    "x-litellm-api-key": "sk-secret",
    authorization: "Bearer sk-secret",
    "x-api-key": "secret",
    cookie: "session=secret",
    "x-my-own": "secret",
  };

  expect(safeHeaders(headers)).toEqual({
    "content-type": "application/json",
    "x-ratelimit-remaining-tokens": "10",
    "x-litellm-tags": "a",
    "x-litellm-api-key": "[redacted]",
    authorization: "[redacted]",
    "x-api-key": "[redacted]",
    cookie: "[redacted]",
    "x-my-own": "[redacted]",
  });
});

test("a header named like an object's own parts does no harm", () => {
  expect(safeHeaders({ constructor: "a", tostring: "b" })).toEqual({
    constructor: "[redacted]",
    tostring: "[redacted]",
  });
});

test("credentials are known without their scheme, and what stands in Basic ones", () => {
  const found = credentialsIn({
    authorization: `Basic ${btoa("user:pass-word")}`,
    "api-key": "plain-one",
    cookie: "a=first; b=second",
    "x-api-key": "Bearer other",
    "content-type": "text/plain",
  });

  expect(found).toContain("pass-word");
  expect(found).toContain("plain-one");
  expect(found).toContain("second");
  expect(found).toContain("other");
  expect(found).not.toContain("text/plain");
});

test.each([
  ["key=abc", "key=[redacted]"],
  ["alt=sse&key=abc&x=1", "alt=sse&key=[redacted]&x=1"],
  [
    "api_key=a&access_token=b&sig=c&code=d",
    "api_key=[redacted]&access_token=[redacted]&sig=[redacted]&code=[redacted]",
  ],
  [
    "X-Amz-Signature=ab&X-Amz-Credential=c",
    "X-Amz-Signature=[redacted]&X-Amz-Credential=[redacted]",
  ],
  ["%6Bey=abc", "%6Bey=[redacted]"],
  ["max_tokens=5&page_token=2&code", "max_tokens=5&page_token=2&code"],
  ["a=%ZZ&signature=1", "a=%ZZ&signature=[redacted]"],
])("of the query %p stays %p", (query, kept) => {
  expect(safeUrl("/p", query).url).toBe(`/p?${kept}`);
});

function masked(text: string, isCut = false): string {
  const bytes = Buffer.from(text);
  maskShapes(bytes, isCut);
  return bytes.toString();
}

const long = "Ab1_-".repeat(8);

test.each([
  [`my key is sk-${long}.`, /^my key is sk-\*+$/],
  [`"sk-ant-api03-${long}"`, /^"sk-\*+"$/],
  [`AIza${long}`, /^AIza\*+$/],
  ["AKIAABCDEFGHIJKLMNOP", /^AKIA\*{16}$/],
  [`eyJ${"a".repeat(30)}.eyJ${"b".repeat(30)}.${"c".repeat(40)}`, /^eyJ\*+$/],
  ["Bearer=sk-abcdefghijklm", /^Bearer=sk-\*{13}$/],
])("%p is masked", (text, expected) => {
  expect(masked(text)).toMatch(expected);
});

test.each([
  `task-${long}`,
  "a risk-averse-and-careful-investor",
  "sk-short, and more",
  "it ends sk-abcdefgh",
  `eyJ${"a".repeat(100)}`,
  "sk-",
  "",
])("%p stays", (text) => {
  expect(masked(text)).toBe(text);
});

test("a key that a cut shortened is masked", () => {
  expect(masked("it ends sk-abcdefgh", true)).toBe("it ends sk-********");
  expect(masked("it ends sk-abcdefgh", false)).toBe("it ends sk-abcdefgh");
});

test("values are masked wherever they stand, also where a cut left their beginning", () => {
  const bytes = Buffer.from("x canary-secret canary-secret, canary-sec");

  maskValues(bytes, needlesOf(["canary-secret", "x", ""]).plain, true);

  expect(bytes.toString()).toBe("x ************* *************, **********");
});
