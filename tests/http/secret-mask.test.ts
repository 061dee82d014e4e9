import { expect, test } from "bun:test";
import { maskText, SecretMask, writtenSecrets } from "../../src/http/secret-mask.ts";

/** What comes out of pieces, as one text, and how much was out after each of them. */
function masked(pieces: readonly string[], secrets: readonly string[]) {
  const mask = new SecretMask(writtenSecrets(secrets));
  const out = pieces.map((piece) => mask.add(Buffer.from(piece)).toString());
  return { out, all: out.join("") + mask.rest().toString() };
}

/** Every way to cut a text in two. */
function cuts(text: string): [string, string][] {
  return Array.from({ length: text.length + 1 }, (_, at) => [text.slice(0, at), text.slice(at)]);
}

test("a secret is overwritten wherever it is cut, and nothing else", () => {
  for (const pieces of cuts("before secret-0123 after secret-")) {
    expect(masked(pieces, ["secret-0123"]).all).toBe("before *********** after *******");
  }
});

test("byte by byte too", () => {
  expect(masked([..."aab aaab aaaab"], ["aaab"]).all).toBe("aab **** a****");
});

test("secrets that overlap are both gone", () => {
  for (const pieces of cuts("xabcdefghix")) {
    expect(masked(pieces, ["abcdef", "defghi"]).all).toBe("x*********x");
  }
  for (const pieces of cuts("xabababax")) {
    expect(masked(pieces, ["ababa"]).all).toBe("x*******x");
  }
});

test("only what may be the beginning of a secret waits", () => {
  const { out } = masked(["data: 1\n\nsec", "ond\n\n"], ["secret-0123"]);

  expect(out).toEqual(["data: 1\n\n", "second\n\n"]);
});

test("as JSON and URLs write it", () => {
  const secret = 'a "quoted" one/2';
  const text = JSON.stringify({ secret }) + encodeURIComponent(secret);

  expect(masked([text], [secret]).all).not.toContain("quoted");
  expect(maskText(text, writtenSecrets([secret]))).toBe('{"secret":"********"}********');
});

test("without secrets all passes at once", () => {
  expect(masked(["a", "b"], []).out).toEqual(["a", "b"]);
});
