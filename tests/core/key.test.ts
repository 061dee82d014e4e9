import { describe, expect, test } from "bun:test";
import { createHash, createHmac } from "node:crypto";
import {
  basicCredentials,
  isOwnKey,
  KeyDigester,
  KeySecret,
  maskKey,
  newKey,
  sha256Of,
  tokensIn,
  withoutScheme,
} from "../../src/core/key.ts";

const text = "sk-0123456789abcdef";
const key = new KeySecret(text);

describe("matches", () => {
  test("the key itself and nothing else", () => {
    expect(key.matches(text)).toBe(true);
    for (const other of ["", text.slice(1), text.slice(0, -1), `${text}x`, ` ${text}`]) {
      expect([other, key.matches(other)]).toEqual([other, false]);
    }
    expect(key.matches(text.toUpperCase())).toBe(false);
  });

  test("an empty key is refused when it is made", () => {
    expect(() => new KeySecret("")).toThrow();
  });

  test("the key is not to be read back", () => {
    expect(Bun.inspect(key)).not.toContain(text);
    expect(JSON.stringify(key)).not.toContain(text);
    expect(String(key)).not.toContain(text);
  });
});

describe("standsIn", () => {
  test.each([
    text,
    `Bearer ${text}`,
    `bearer  ${text} `,
    `a, ${text}`,
    `a=${text}; b=2`,
    `b=2;a="${text}"`,
    `"${text}"`,
    `a\t${text}`,
    `Basic ${btoa(`user:${text}`)}`,
    `basic ${btoa(`${text}:`)}`,
    `BASIC ${btoa(text)}`,
    `realtime, openai-insecure-api-key.${text}`,
    `AWS4-HMAC-SHA256 Credential=${text}/20300101/us-east-1/bedrock/aws4_request, Signature=0`,
    `http://h/?key=${text}`,
  ])("%s", (value) => {
    expect(key.standsIn(value)).toBe(true);
  });

  test.each([
    "",
    "Bearer",
    `${text}x`,
    `x${text}`,
    `token=${text}x`,
    `a=${text.slice(0, -1)}`,
    `Basic ${btoa(`user:${text}x`)}`,
    "Basic %%%",
    "Basic",
    text.toUpperCase(),
    "x".repeat(100_000),
  ])("not in %.60s", (value) => {
    expect(key.standsIn(value)).toBe(false);
  });

  test("takes no time for long values", () => {
    const startedAt = performance.now();

    key.standsIn("a=b; ".repeat(12_000));

    expect(performance.now() - startedAt).toBeLessThan(300);
  });
});

describe("withoutScheme", () => {
  test.each([
    ["Bearer x", "x"],
    ["bEaReR   x ", "x"],
    ["Token x", "x"],
    ["Key x", "x"],
    ["x", "x"],
    ["Basic x", "Basic x"],
    ["Bearerx", "Bearerx"],
    ["Bearer", "Bearer"],
    ["Bearer Bearer x", "Bearer x"],
    ["", ""],
  ])("%p is %p", (value, expected) => {
    expect(withoutScheme(value)).toBe(expected);
  });
});

describe("basicCredentials", () => {
  test.each<readonly [string, readonly [string, string] | null]>([
    [`Basic ${btoa("u:p")}`, ["u", "p"]],
    [`basic   ${btoa("u:p:q")}`, ["u", "p:q"]],
    [`Basic ${btoa("u:")}`, ["u", ""]],
    [`Basic ${btoa(":p")}`, ["", "p"]],
    [`Basic ${btoa("u")}`, ["u", ""]],
    [`Basic ${Buffer.from("ü:ß").toString("base64")}`, ["ü", "ß"]],
    ["Basic ", ["", ""]],
    ["Bearer x", null],
    ["", null],
  ])("of %p", (value, pair) => {
    expect(basicCredentials(value)).toEqual(pair);
  });
});

describe("a digester", () => {
  const digester = new KeyDigester("pepper");

  test("gives the HMAC-SHA-256 of a key, the same each time", () => {
    const expected = createHmac("sha256", "pepper").update(text).digest("base64");

    expect([digester.digest(text), digester.digest(text)]).toEqual([expected, expected]);
    expect(new KeyDigester("other").digest(text)).not.toBe(expected);
  });

  test("gives others for a plain digest and for its check", () => {
    const sha256 = sha256Of(text);

    expect(sha256).toBe(createHash("sha256").update(text).digest("hex"));
    const all = [
      digester.digest(text),
      digester.digest(sha256),
      digester.digestOfSha256(sha256),
      digester.check(),
    ];
    expect(new Set(all).size).toBe(all.length);
  });

  test("has a pepper, which is not to be read back", () => {
    expect(() => new KeyDigester("")).toThrow();
    expect(Bun.inspect(digester) + JSON.stringify(digester)).not.toContain("pepper");
  });
});

describe("a new key", () => {
  test("is one that could be chosen, and no other", () => {
    const keys = Array.from({ length: 100 }, newKey);

    expect(keys.filter(isOwnKey)).toEqual(keys);
    expect(new Set(keys).size).toBe(100);
  });

  test("is masked down to four characters", () => {
    expect(maskKey("sk-0123456789abcdef")).toBe("sk-...cdef");
  });

  test.each([
    "sk-0123456789ab",
    "xk-0123456789abc",
    "sk-0123456789ab ",
    "sk-0123456789ab,",
    "sk-0123456789abé",
  ])("%p cannot be chosen", (own) => {
    expect(isOwnKey(own)).toBe(false);
  });
});

test("tokensIn gives every piece that could be a key", () => {
  const pieces = tokensIn(`a="${text}"; b=x, Bearer y`);

  for (const piece of [text, "x", "y"]) expect(pieces).toContain(piece);
});
